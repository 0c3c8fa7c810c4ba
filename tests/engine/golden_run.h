#pragma once

#include <memory>
#include <string>

#include "tests/engine/golden.h"
#include "tests/engine/memory_files.h"
#include "tests/engine/support.h"

namespace nullcline::support {

/// float32 against PsychRNN's results in float64.
constexpr double golden_tolerance = 1e-4;

/// Trials of a golden file. Where it has no targets they are 0 everywhere and count everywhere.
Trials golden_trials(const Golden& golden);

/// A PsychRNN network in the document: its masks and signs under `prefix`, and `dale_ratio` where it has one.
Json golden_network(const Golden& golden, const std::string& prefix, const Json& dale_ratio);

/// A session under PsychRNN's conventions that learns those trials, all in one batch.
std::unique_ptr<Session> session_learning(const Trials& trials, const Json& changes);

/// Takes every weight of the network that stands in the file under `prefix`.
void load_golden_weights(Session& session, const Golden& golden, const std::string& prefix);

/// Holds outputs and states of a run to arrays of the file.
void expect_golden_run(const Golden& golden, const Run& run, const std::string& outputs = "outputs",
                       const std::string& states = "states");

/// What training's own forward pass gives, in which trial b starts from row b of the initial states. The
/// trials must be one slice; the noise is theirs.
Run training_forward(const Session& session, const Trials& trials);

}  // namespace nullcline::support
