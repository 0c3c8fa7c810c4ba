#include "engine/training/schedule.h"

namespace nullcline {

namespace {

class Constant final : public Schedule {
 public:
  explicit Constant(const Json& parameters) : Schedule(parameters) {}

 private:
  double shape(int /*iteration*/) const override { return 1; }
};

}  // namespace

ScheduleType constant_schedule() {
  return {"constant",
          type_schema("constant", "Constant", "The same learning rate from the first iteration to the last.",
                      "Robbins & Monro 1951", schedule_fields({})),
          [](const Json& parameters, int /*iterations*/) -> std::unique_ptr<Schedule> {
            return std::make_unique<Constant>(parameters);
          }};
}

}  // namespace nullcline
