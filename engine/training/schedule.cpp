#include "engine/training/schedule.h"

namespace nullcline {

double Schedule::factor(int iteration) const {
  if (iteration >= warm_up_) return shape(iteration);
  return (iteration + 1.0) / warm_up_ * shape(iteration);
}

Field iterations_field(std::string name, std::int64_t fallback, std::string help) {
  return Field::integer(std::move(name), fallback, std::move(help))
      .unit("iterations")
      .at_least(1)
      .at_most(most_iterations);
}

std::vector<Field> schedule_fields(std::vector<Field> own) {
  own.push_back(
      iterations_field(
          "warm_up", 0,
          "Iterations at the beginning over which the learning rate rises to its value, in a straight line.")
          .title("Warm-up")
          .at_least(0));
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
