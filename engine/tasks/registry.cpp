#include "engine/tasks/registry.h"

namespace nullcline {

const std::vector<TaskType>& task_types() {
  static const std::vector<TaskType> types = {
      perceptual_discrimination(),
      own_trials(),
  };
  return types;
}

}  // namespace nullcline
