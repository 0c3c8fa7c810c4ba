#include "engine/training/optimizer.h"

#include "engine/experiment/registry.h"

namespace nullcline {

OptimizerState filled_state(std::size_t parameters, std::initializer_list<float> values,
                            std::vector<double> numbers) {
  OptimizerState state{{}, std::move(numbers)};
  for (const float value : values) state.blocks.emplace_back(parameters).fill(value);
  return state;
}

Field momentum_field() {
  return Field::number("momentum", 0, "Share of the last step that goes into the next.")
      .title("Momentum")
      .symbol("μ")
      .at_least(0)
      .below(1);
}

namespace {

Registry<OptimizerType>& optimizer_registry() {
  static Registry<OptimizerType> types("optimizer", {
                                                        adam(),
                                                        adam_w(),
                                                        stochastic_gradient_descent(),
                                                        rms_prop(),
                                                        adagrad(),
                                                    });
  return types;
}

}  // namespace

const std::vector<OptimizerType>& optimizer_types() { return optimizer_registry().all(); }
void register_optimizer(OptimizerType type) { optimizer_registry().add(std::move(type)); }

}  // namespace nullcline
