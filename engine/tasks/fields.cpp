#include "engine/tasks/fields.h"

namespace nullcline {

namespace {

constexpr double longest_time = 1e7;
constexpr double most_noise = 100;
constexpr const char* noise_help = "Strength of the noise on the inputs.";

}  // namespace

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
          .at_most(longest_time),
      Field::integer("N_batch", 128, "Trials that are averaged for one update of the weights.")
          .title("Trials per iteration")
          .unit("trials")
          .at_least(1)
          .at_most(most_trials_per_iteration),
  };
  fields.insert(fields.end(), own.begin(), own.end());
  return fields;
}

Field time_field(std::string name, double fallback, std::string title, std::string help) {
  return Field::number(std::move(name), fallback, std::move(help))
      .title(std::move(title))
      .unit("ms")
      .at_least(0)
      .at_most(longest_time)
      .advanced();
}

Field drawn_time_field(std::string name, std::string title, std::string help) {
  Json fixed = number_form("fixed", 0, longest_time);
  fixed["x-unit"] = "ms";
  return Field::any_of(std::move(name), nullptr, {null_form("drawn for each trial"), fixed}, std::move(help))
      .title(std::move(title))
      .unit("ms")
      .advanced();
}

Field stim_noise_field() {
  return Field::number("stim_noise", 0.1, noise_help)
      .title("Input noise")
      .at_least(0)
      .at_most(most_noise)
      .advanced();
}

double given_or(const Json& field, double drawn) { return field.is_null() ? drawn : field.get<double>(); }

TrialParameter time_parameter(std::string name, std::string help) {
  return {std::move(name), "ms", std::move(help), 0, longest_time};
}

TrialParameter stim_noise_parameter() { return {"stim_noise", "", noise_help, 0, most_noise}; }

}  // namespace nullcline
