#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/session.h"

namespace nullcline::support {

/// The networks, losses and penalties, slow and obvious: plain loops in float64 over one trial at a time,
/// written from the equations. The engine must agree with it. Weights are the raw ones, in the layout of the
/// parameters.
class Reference {
 public:
  explicit Reference(const Experiment& experiment);

  struct Run {
    std::vector<double> outputs;  // trial × step × channel
    std::vector<double> states;   // trial × step × unit
  };
  Run run(const std::vector<double>& weights, const Trials& trials) const;
  double loss(const std::vector<double>& weights, const Trials& trials) const;
  double regularization(const std::vector<double>& weights, const Trials& trials) const;
  /// Of loss and penalties, by central differences with steps of one and two `step`. A long step has little
  /// rounding; a short one steps over no kink of the objective.
  std::vector<double> differences(std::vector<double> weights, const Trials& trials, double step) const;
  /// The same faster, back through time, of a continuous-time network of free weights and one time constant
  /// that learns by squared error without penalties.
  std::vector<double> gradient(const std::vector<double>& weights, const Trials& trials) const;

 private:
  /// Values of each step, one a unit or channel.
  struct Series {
    Series(std::size_t steps, std::size_t channels) : width(channels), values(steps * channels) {}
    double* operator[](std::size_t step) { return &values[step * width]; }
    const double* operator[](std::size_t step) const { return &values[step * width]; }

    std::size_t width;
    std::vector<double> values;
  };

  struct Trial {
    std::size_t number, steps;
    Series x, y, mask, noise;
  };
  /// What users know as the state, and what others see of it: hidden states themselves, or rates. Both have
  /// one entry more than there are steps: the initial one first.
  struct Path {
    Series state, seen, output;
  };
  struct Objective {
    double loss = 0, regularization = 0;
  };

  std::size_t offset(const std::string& name) const {
    return experiment_.network->layout().find(name)->offset;
  }
  std::vector<double> effective(const std::vector<double>& weights) const;
  double slope(double state) const;
  std::vector<Trial> apart(const Trials& trials) const;
  Objective objective(const std::vector<double>& weights, const std::vector<Trial>& trials) const;
  /// From effective weights.
  Path forward(const std::vector<double>& weights, const Trial& trial) const;
  void continuous_time(const std::vector<double>& weights, const Trial& trial, Path& path) const;
  void long_short_term_memory(const std::vector<double>& weights, const Trial& trial, Path& path) const;
  double weight_penalties(const std::vector<double>& effective) const;
  void backward(const std::vector<double>& weights, const Trial& trial, const Path& path, double elements,
                std::vector<double>& gradient) const;

  const Experiment& experiment_;
  std::size_t N_in_, N_rec_, N_out_;
  bool is_lstm_, is_psychrnn_, is_mean_;
  /// dt / τ of each unit.
  std::vector<double> alpha_;
  double rec_noise_;
  std::string function_;
  std::function<double(double state)> rate_;
  std::function<double(double output, double target, double mask)> loss_of_;
};

}  // namespace nullcline::support
