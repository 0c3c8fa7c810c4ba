#include "engine/training/penalty.h"

#include "engine/experiment/registry.h"

namespace nullcline {

namespace {

std::vector<Penalty> built_in_penalties() {
  return {
      l1_penalty(Connections::input), l1_penalty(Connections::recurrent), l1_penalty(Connections::output),
      l2_penalty(Connections::input), l2_penalty(Connections::recurrent), l2_penalty(Connections::output),
      firing_rate_penalty(),
  };
}

Registry<Penalty>& penalty_registry() {
  static Registry<Penalty> all("penalty", built_in_penalties());
  return all;
}

}  // namespace

const std::vector<Penalty>& penalties() { return penalty_registry().all(); }
void register_penalty(Penalty penalty) { penalty_registry().add(std::move(penalty)); }

Field regularization_field() {
  std::vector<Field> coefficients;
  for (const Penalty& penalty : penalties())
    coefficients.push_back(Field::number(penalty.name, 0, penalty.help)
                               .title(penalty.title)
                               .at_least(0)
                               .at_most(1e9)
                               .advanced());
  return Field::object("regularization", "Regularization", coefficients,
                       "Penalties that are added to the loss, each times its coefficient.")
      .advanced();
}

std::vector<WeightedPenalty> make_penalties(const Json& regularization) {
  std::vector<WeightedPenalty> chosen;
  for (const Penalty& penalty : penalties())
    if (const double coefficient = regularization[penalty.name]; coefficient != 0)
      chosen.push_back({penalty, coefficient});
  return chosen;
}

}  // namespace nullcline
