#pragma once

#include <cstdint>

#include "engine/math/panels.h"

namespace nullcline {

/// How a trial was answered.
enum class Score : std::int8_t { no_choice_asked = -1, wrong = 0, correct = 1 };

/// One trial and the network's answer to it: output, target and mask at each step and channel.
class Answer {
 public:
  /// The trial of that number in a slice, whose series must outlive this.
  Answer(const PanelSeries& output, const PanelSeries& target, const PanelSeries& mask, int trial)
      : output_(output), target_(target), mask_(mask), trial_(trial) {}

  int N_steps() const { return output_.steps(); }
  int N_out() const { return output_.rows(); }
  double output(int step, int channel) const { return output_.value(trial_, step, channel); }
  double target(int step, int channel) const { return target_.value(trial_, step, channel); }
  double mask(int step, int channel) const { return mask_.value(trial_, step, channel); }

 private:
  const PanelSeries& output_;
  const PanelSeries& target_;
  const PanelSeries& mask_;
  int trial_;
};

}  // namespace nullcline
