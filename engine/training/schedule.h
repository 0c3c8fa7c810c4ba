#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/schema.h"

namespace nullcline {

/// How the learning rate changes over a run: a factor for every iteration, from the iteration's number alone.
/// None uses the C library's functions, whose bits differ between targets.
class Schedule {
 public:
  virtual ~Schedule() = default;
  /// What the learning rate is multiplied by at an iteration, the first being 0. During warm-up the shape is
  /// multiplied by (iteration + 1) / warm_up.
  double factor(int iteration) const;

 protected:
  /// `parameters` are those of `schedule_fields`.
  explicit Schedule(const Json& parameters) : warm_up_(parameters["warm_up"]) {}

 private:
  /// The factor without warm-up.
  virtual double shape(int iteration) const = 0;
  int warm_up_;
};

struct ScheduleType {
  std::string name;
  Json schema;
  /// For a run of so many iterations.
  std::unique_ptr<Schedule> (*create)(const Json& parameters, int iterations);
};

/// All types; the first is the default.
const std::vector<ScheduleType>& schedule_types();

/// A whole number of iterations, 1 or more.
Field iterations_field(std::string name, std::int64_t fallback, std::string help);

/// A schedule's own fields and those that every schedule has: warm_up.
std::vector<Field> schedule_fields(std::vector<Field> own);

/// An iteration count in the document.
constexpr int most_iterations = 100000000;

// One line a type; schedule.cpp lists them.
ScheduleType constant_schedule();
ScheduleType exponential_schedule();
ScheduleType cosine_schedule();
ScheduleType step_schedule();

}  // namespace nullcline
