#include <algorithm>

#include "engine/math/elementary.h"
#include "engine/training/schedule.h"

namespace nullcline {

namespace {

/// f + (1 − f) (1 + cos(π t / n)) / 2 up to iteration n, and f from there on.
class Cosine final : public Schedule {
 public:
  Cosine(const Json& parameters, int iterations)
      : Schedule(parameters),
        final_(parameters["final"]),
        steps_(parameters["decay_steps"].is_null() ? std::max(iterations, 1)
                                                   : parameters["decay_steps"].get<int>()) {}

 private:
  double shape(int iteration) const override {
    constexpr double pi = 3.14159265358979324;
    if (iteration >= steps_) return final_;
    return final_ + (1 - final_) * (1 + cosine(pi * iteration / steps_)) / 2;
  }

  double final_;
  int steps_;
};

}  // namespace

ScheduleType cosine_schedule() {
  return {
      "cosine",
      type_schema(
          "cosine", "Cosine", "The learning rate falls along half a wave of the cosine.",
          "Loshchilov & Hutter 2017",
          schedule_fields({
              Field::number("final", 0, "Share of the learning rate that is left at the end.")
                  .title("Final share")
                  .at_least(0)
                  .at_most(1),
              Field::any_of("decay_steps", nullptr,
                            {null_form("all iterations of the run"),
                             integer_form("number of iterations", 1, most_iterations)},
                            "Iterations until the end is reached. Give them where the run may be made longer "
                            "later: with all "
                            "iterations of the run, a longer run falls more slowly from the beginning.")
                  .title("Falls over")
                  .unit("iterations"),
          })),
      [](const Json& parameters, int iterations) -> std::unique_ptr<Schedule> {
        return std::make_unique<Cosine>(parameters, iterations);
      }};
}

}  // namespace nullcline
