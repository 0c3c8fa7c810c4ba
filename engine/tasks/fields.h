#pragma once

#include <string>
#include <vector>

#include "engine/experiment/schema.h"
#include "engine/tasks/task.h"

namespace nullcline {

/// Trials that one iteration may train on.
constexpr int most_trials_per_iteration = 65536;

/// The fields that every task has (dt, tau, T, N_batch), then those of its own.
std::vector<Field> task_fields(std::vector<Field> own);

/// A time or duration in ms.
Field time_field(std::string name, double fallback, std::string title, std::string help);

/// A time or duration in ms; null, the default, draws it for each trial. `help` says from where.
Field drawn_time_field(std::string name, std::string title, std::string help);

/// `stim_noise`, by default 0.1.
Field stim_noise_field();

/// What the document gives for a field that may be null, else what was drawn.
double given_or(const Json& field, double drawn);

/// The parameters of a trial that go with these fields.
TrialParameter time_parameter(std::string name, std::string help);
TrialParameter stim_noise_parameter();

}  // namespace nullcline
