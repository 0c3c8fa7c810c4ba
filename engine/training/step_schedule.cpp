#include "engine/training/schedule.h"

namespace nullcline {

namespace {

/// baseⁿ by squaring: products only, so the same bits everywhere.
double power(double base, int n) {
  double result = 1;
  for (; n > 0; n /= 2) {
    if (n % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

/// f^⌊t/n⌋
class Step final : public Schedule {
 public:
  explicit Step(const Json& parameters)
      : Schedule(parameters), factor_(parameters["factor"]), every_(parameters["every"]) {}

 private:
  double shape(int iteration) const override { return power(factor_, iteration / every_); }

  double factor_;
  int every_;
};

}  // namespace

ScheduleType step_schedule() {
  return {
      "step",
      type_schema("step", "Steps", "The learning rate falls at once, again and again.",
                  "torch.optim.lr_scheduler.StepLR (PyTorch)",
                  schedule_fields({
                      Field::number("factor", .1, "What each step multiplies the learning rate by.")
                          .title("Factor")
                          .above(0)
                          .at_most(1),
                      iterations_field("every", 100, "Iterations from one step to the next.").title("Every"),
                  })),
      [](const Json& parameters, int /*iterations*/) -> std::unique_ptr<Schedule> {
        return std::make_unique<Step>(parameters);
      }};
}

}  // namespace nullcline
