#pragma once

#include "engine/tasks/task.h"

namespace nullcline {

// One line a task; registry.cpp lists them.
TaskType perceptual_discrimination();
TaskType match_to_category();
TaskType delayed_discrimination();
TaskType own_trials();

}  // namespace nullcline
