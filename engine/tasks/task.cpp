#include "engine/tasks/task.h"

#include <cmath>

#include "engine/tasks/fields.h"

namespace nullcline {

Task::Task(int N_in, int N_out, Timing timing, int N_batch)
    : N_in_(N_in),
      N_out_(N_out),
      N_steps_(static_cast<int>(std::ceil(timing.T / timing.dt))),
      N_batch_(N_batch),
      timing_(timing) {}

Task::Task(int N_in, int N_out, int N_steps, double dt, double tau, int N_batch)
    : N_in_(N_in), N_out_(N_out), N_steps_(N_steps), N_batch_(N_batch), timing_{dt, tau, N_steps * dt} {}

std::vector<Field> task_fields(std::vector<Field> own) {
  std::vector<Field> fields = {
      Field::number("dt", 10, "Time step of the simulation; shorter is finer and slower.")
          .title("Time step")
          .symbol("Δt")
          .unit("ms")
          .above(0)
          .at_most(1e4),
      Field::number("tau", 100, "Time constant with which a unit's state follows its input.")
          .title("Time constant")
          .symbol("τ")
          .unit("ms")
          .above(0)
          .at_most(1e5),
      Field::number("T", 2000, "Length of a trial.")
          .title("Trial length")
          .symbol("T")
          .unit("ms")
          .above(0)
          .at_most(1e7),
      Field::integer("N_batch", 128, "Trials that are averaged for one update of the weights.")
          .title("Trials per iteration")
          .unit("trials")
          .at_least(1)
          .at_most(65536),
  };
  fields.insert(fields.end(), own.begin(), own.end());
  return fields;
}

}  // namespace nullcline
