#pragma once

#include <cstdint>

#include "engine/tasks/batch.h"

namespace nullcline {

/// How a trial was answered.
enum class Score : std::int8_t { no_choice_asked = -1, wrong = 0, correct = 1 };

/// Compares the chosen channel, argmax over channels of the mean over time of mask · output, with that of the
/// target; ties go to the lowest channel. A trial whose mask is empty asks for no choice; under PsychRNN's
/// conventions it is correct.
Score score_trial(const TrialSlice& slice, const PanelSeries& output, int trial, Conventions conventions);

/// Counts over trials.
struct Accuracy {
  int trials = 0;
  int scored = 0;
  int correct = 0;

  /// correct / scored; NaN when no trial asks for a choice.
  double share() const;
  void add(Score score);
  Accuracy& operator+=(const Accuracy& other);
};

/// Adds the scores of all trials of a slice.
void add_scores(const TrialSlice& slice, const PanelSeries& output, Conventions conventions,
                Accuracy& accuracy);

}  // namespace nullcline
