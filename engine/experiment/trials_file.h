#pragma once

#include "engine/experiment/array_file.h"
#include "engine/session.h"
#include "engine/tasks/given_trials.h"

namespace nullcline {

/// The arrays of a trials file.
std::vector<NamedArray> trials_arrays(const Task& task, const Trials& trials);

/// Reads a trials file: x, and y, mask and noise where they are there; y and mask must be there with
/// `targets`. N_out is `N_out` where there is neither y nor mask. Throws a Failure that names the key that is
/// missing or does not fit.
Trials read_trials(const ArrayFile& file, bool targets, int N_out = 0);

/// Inputs, targets and masks alone, as a task is made of them.
TrialArrays arrays_of(Trials trials);

/// Throws a Failure where the channels or units of trials from that file are not those of the network.
void check_fit(const Trials& trials, const Network& network, const std::string& name);

}  // namespace nullcline
