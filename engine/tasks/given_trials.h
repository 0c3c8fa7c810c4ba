#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/tasks/task.h"

namespace nullcline {

/// Trials that somebody made, C order: x (count, N_steps, N_in), y and mask (count, N_steps, N_out).
struct TrialArrays {
  int count = 0;
  int N_steps = 0;
  int N_in = 0;
  int N_out = 0;
  std::vector<float> x;
  std::vector<float> y;
  std::vector<float> mask;
};

/// Throws a Failure that names the place where a mask is 0 everywhere, so that there is nothing to learn.
void demand_answers(const std::vector<float>& mask, const std::string& place);

/// A task made of given trials: N_batch at a time in order, cycling. Its one trial parameter is the trial's
/// index.
std::unique_ptr<Task> given_trials(TrialArrays trials, double dt, double tau, int N_batch);

}  // namespace nullcline
