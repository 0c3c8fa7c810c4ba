#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/problem.h"
#include "engine/math/random.h"

namespace nullcline {

/// A named number that describes a trial, for example {"onset_time", "ms"}; `unit` may be empty. Values that
/// a user gives must be from `least` to `most`, and whole where `whole` is true.
struct TrialParameter {
  std::string name;
  std::string unit;
  std::string help;
  double least;
  double most;
  bool whole = false;
};

/// The values of one trial's parameters, in the order of `Task::trial_parameters()`.
using TrialParameters = std::vector<double>;

/// A named stretch of a trial, [from, to) in ms.
struct Epoch {
  std::string name;
  double from;
  double to;
};

/// Input, target output and mask at one time, without noise. The arrays (N_in, N_out, N_out values) hold
/// zeros on entry.
struct Moment {
  double* x;
  double* y;
  double* mask;
};

/// A task as a user writes one: what a trial is made of, how its parameters are drawn, what happens at each
/// time.
class Task {
 public:
  virtual ~Task() = default;

  int N_in() const { return N_in_; }
  int N_out() const { return N_out_; }
  /// Time steps of a trial: T/dt rounded up.
  int N_steps() const { return N_steps_; }
  int N_batch() const { return N_batch_; }
  /// Time step, time constant and length of a trial, in ms.
  double dt() const { return timing_.dt; }
  double tau() const { return timing_.tau; }
  double T() const { return timing_.T; }

  virtual const std::vector<TrialParameter>& trial_parameters() const = 0;
  /// Draws the parameters of one trial.
  virtual TrialParameters draw(Draws& draws) const = 0;
  /// Input, target and mask at `step`, whose time is `step * dt` ms.
  virtual void at(int step, const TrialParameters& parameters, Moment moment) const = 0;
  /// Standard deviation of the Gaussian noise added to each input channel at each step.
  virtual double noise_deviation(const TrialParameters& parameters) const = 0;
  /// The epochs of a trial in order, for plots.
  virtual std::vector<Epoch> epochs(const TrialParameters& parameters) const = 0;

 protected:
  /// Times in ms.
  struct Timing {
    double dt;
    double tau;
    double T;
  };
  Task(int N_in, int N_out, Timing timing, int N_batch);
  /// For tasks whose number of steps is given rather than computed.
  Task(int N_in, int N_out, int N_steps, double dt, double tau, int N_batch);

 private:
  int N_in_;
  int N_out_;
  int N_steps_;
  int N_batch_;
  Timing timing_;
};

/// A registry entry: the name in the document, the description, and the maker.
struct TaskType {
  std::string name;
  Json schema;
  /// Makes the task from its resolved part of the document.
  std::unique_ptr<Task> (*create)(const Json& parameters, const Context& context);
};

/// All tasks, in the order in which forms list them. A new task is one file and one line in registry.cpp.
const std::vector<TaskType>& task_types();

}  // namespace nullcline
