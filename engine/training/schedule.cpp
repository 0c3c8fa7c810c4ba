#include "engine/training/schedule.h"

namespace nullcline {

double Schedule::factor(int iteration) const {
  if (iteration >= warm_up_) return shape(iteration);
  return (iteration + 1.0) / warm_up_ * shape(iteration);
}

std::vector<Field> schedule_fields(std::vector<Field> own) {
  own.push_back(
      Field::integer(
          "warm_up", 0,
          "Iterations at the beginning over which the learning rate rises to its value, in a straight line.")
          .title("Warm-up")
          .unit("iterations")
          .at_least(0)
          .at_most(most_iterations));
  return own;
}

const std::vector<ScheduleType>& schedule_types() {
  static const std::vector<ScheduleType> types = {
      constant_schedule(),
      exponential_schedule(),
      cosine_schedule(),
      step_schedule(),
  };
  return types;
}

}  // namespace nullcline
