#pragma once

#include "engine/tasks/task.h"

namespace nullcline {

// One line a task; registry.cpp lists them.
TaskType perceptual_discrimination();

}  // namespace nullcline
