#include <cmath>

#include "engine/training/optimizer.h"

namespace nullcline {

namespace {

/// Adagrad (Duchi, Hazan & Singer 2011) as TensorFlow 1 computes it, from a sum above 0 in place of an ε:
///   s = s + g²,  w −= lr · g / √s
class Adagrad final : public Optimizer {
 public:
  explicit Adagrad(const Json& parameters)
      : initial_accumulator_value_(parameters["initial_accumulator_value"]) {}

  OptimizerState initial_state(std::size_t parameters) const override {
    return filled_state(parameters, {static_cast<float>(initial_accumulator_value_)});
  }

  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override {
    const auto rate = static_cast<float>(learning_rate);
    float* sum = state.blocks[0].data();
    for (std::size_t i = 0; i < size; ++i) {
      sum[i] += gradient[i] * gradient[i];
      weights[i] -= rate * gradient[i] / std::sqrt(sum[i]);
    }
  }

 private:
  double initial_accumulator_value_;
};

}  // namespace

OptimizerType adagrad() {
  return {"Adagrad",
          type_schema("Adagrad", "Adagrad",
                      "Steps scaled by the sum of all squared gradients so far; TensorFlow 1's formula.",
                      "Duchi, Hazan & Singer 2011",
                      {
                          Field::number("initial_accumulator_value", .1,
                                        "What the sum of squares starts from, so that it is never 0.")
                              .title("Initial sum of squares")
                              .at_least(1e-30)
                              .at_most(1e6),
                      }),
          [](const Json& parameters) -> std::unique_ptr<Optimizer> {
            return std::make_unique<Adagrad>(parameters);
          }};
}

}  // namespace nullcline
