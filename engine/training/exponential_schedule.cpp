#include "engine/math/elementary.h"
#include "engine/training/schedule.h"

namespace nullcline {

namespace {

/// r^(t/n), as exp(t · (ln r / n)).
class Exponential final : public Schedule {
 public:
  explicit Exponential(const Json& parameters)
      : Schedule(parameters),
        slope_(natural_logarithm(parameters["decay_rate"]) / parameters["decay_steps"].get<int>()) {}

 private:
  double shape(int iteration) const override { return natural_exponential(iteration * slope_); }

  double slope_;
};

}  // namespace

ScheduleType exponential_schedule() {
  return {"exponential",
          type_schema("exponential", "Exponential decay",
                      "The learning rate falls by the same share in every iteration.",
                      "tf.train.exponential_decay (TensorFlow 1)",
                      schedule_fields({
                          Field::number("decay_rate", .96,
                                        "What is left of the learning rate after the decay's iterations.")
                              .title("Decay rate")
                              .above(0)
                              .at_most(1),
                          iterations_field("decay_steps", 100, "Iterations of one decay by that rate.")
                              .title("Decay over"),
                      })),
          [](const Json& parameters, int /*iterations*/) -> std::unique_ptr<Schedule> {
            return std::make_unique<Exponential>(parameters);
          }};
}

}  // namespace nullcline
