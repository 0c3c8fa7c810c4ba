#include "engine/tasks/registry.h"

#include "engine/experiment/registry.h"

namespace nullcline {

namespace {

std::vector<TaskType> built_in_tasks() {
  return {
      perceptual_discrimination(),
      match_to_category(),
      delayed_discrimination(),
      own_trials(),
  };
}

Registry<TaskType>& tasks() {
  static Registry<TaskType> registry("task", built_in_tasks());
  return registry;
}

}  // namespace

const std::vector<TaskType>& task_types() { return tasks().all(); }

void register_task(TaskType type) { tasks().add(std::move(type)); }

}  // namespace nullcline
