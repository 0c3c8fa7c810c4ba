#pragma once

#include <memory>

#include "engine/cli/commands.h"
#include "engine/cli/inputs.h"
#include "engine/session.h"

namespace nullcline {

/// A session at the given weights, and the trials to run.
struct Evaluation {
  std::unique_ptr<Session> session;
  Trials trials;
};

/// What a given file of trials must hold.
enum class Targets { needed, optional };

Evaluation prepare_evaluation(const EvaluationOptions& options, Targets targets);

}  // namespace nullcline
