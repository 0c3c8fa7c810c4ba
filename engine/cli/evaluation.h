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

/// For training, the trials' file must hold targets, and the weights must be free of constraints.
Evaluation prepare_evaluation(const EvaluationOptions& options, Use use);

}  // namespace nullcline
