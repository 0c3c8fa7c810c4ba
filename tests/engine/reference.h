#pragma once

#include <vector>

#include "engine/session.h"

namespace nullcline::support {

/// The continuous-time network and the gradient of its loss, slow and obvious: plain loops in float64 over
/// one trial at a time, written from the equations. The engine must agree with it. Weights are the parameter
/// block.
class Reference {
 public:
  explicit Reference(const Experiment& experiment);

  struct Run {
    std::vector<double> outputs;  // trial × step × channel
    std::vector<double> states;   // trial × step × unit
  };
  Run run(const std::vector<double>& weights, const Trials& trials) const;
  double loss(const std::vector<double>& weights, const Trials& trials) const;
  std::vector<double> gradient(const std::vector<double>& weights, const Trials& trials) const;

 private:
  using Series = std::vector<std::vector<double>>;  // step, then unit or channel

  struct Trial {
    Series x, y, mask, noise;
  };
  /// States have one entry more than there are steps: the initial state first.
  struct Path {
    Series state, output;
  };

  std::size_t offset(const char* name) const { return experiment_.network->layout().find(name)->offset; }
  double rate(double state) const;
  double slope(double state) const;
  Trial trial_of(const Trials& trials, std::size_t number) const;
  Path forward(const std::vector<double>& weights, const Trial& trial) const;
  void backward(const std::vector<double>& weights, const Trial& trial, const Path& path, double elements,
                std::vector<double>& gradient) const;

  const Experiment& experiment_;
  std::size_t N_in_, N_rec_, N_out_;
  double alpha_;
  double noise_scale_;
  std::string function_;
};

}  // namespace nullcline::support
