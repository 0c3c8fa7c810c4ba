#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/problem.h"
#include "engine/math/random.h"
#include "engine/tasks/score.h"

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

/// Whether a time lies in [from, to).
constexpr bool within(double time, double from, double to) { return from <= time && time < to; }

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
  double dt() const { return dt_; }
  double tau() const { return tau_; }
  double T() const { return T_; }

  /// How many trials there are to choose from, where they are given rather than drawn; 0 where they are
  /// drawn.
  virtual int given_trials() const { return 0; }

  virtual const std::vector<TrialParameter>& trial_parameters() const = 0;
  /// Draws the parameters of one trial.
  virtual TrialParameters draw(Draws& draws) const = 0;
  /// Called when a user has given some of a trial's parameters, those for which `given` is true: changes the
  /// others to fit, where they follow from them. By default none do.
  virtual void complete(const std::vector<bool>& given, TrialParameters& parameters) const;
  /// Input, target and mask at `step`, whose time is `step * dt` ms.
  virtual void at(int step, const TrialParameters& parameters, Moment moment) const = 0;
  /// Standard deviation of the Gaussian noise added to each input channel at each step.
  virtual double noise_deviation(const TrialParameters& parameters) const = 0;
  /// The epochs of a trial in order, for plots.
  virtual std::vector<Epoch> epochs(const TrialParameters& parameters) const = 0;
  /// Whether answers can be right or wrong, as an accuracy needs; by default where there are outputs to
  /// choose between.
  virtual bool asks_for_choices() const { return N_out_ > 1; }
  /// How the network answered a trial. By default it must choose: the chosen channel, argmax over channels of
  /// the mean over time of mask · output, must be that of the target; ties go to the lowest channel. A trial
  /// whose mask is empty, or of one channel, asks for no choice; under PsychRNN's conventions it is correct.
  virtual Score score(const Answer& answer, Conventions conventions) const;

 protected:
  /// dt, tau, T and N_batch are taken from the task's resolved part of the document.
  Task(int N_in, int N_out, const Json& parameters);
  /// For tasks whose number of steps is given rather than computed.
  Task(int N_in, int N_out, int N_steps, double dt, double tau, int N_batch);

  /// The name of an epoch, and when it ends (ms).
  struct EpochEnd {
    std::string name;
    double time;
  };
  /// Epochs that follow one another from the trial's start, cut at its end. Empty ones are left out.
  std::vector<Epoch> epochs_until(const std::vector<EpochEnd>& ends) const;

 private:
  int N_in_;
  int N_out_;
  double dt_;
  double tau_;
  double T_;
  int N_steps_;
  int N_batch_;
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

/// Adds a task of a program that links the engine, before it makes experiments (docs/extending.md). Throws a
/// Failure when the name is taken.
void register_task(TaskType type);

}  // namespace nullcline
