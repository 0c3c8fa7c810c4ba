#include "engine/training/optimizer.h"

namespace nullcline {

namespace {

/// Stochastic gradient descent (Robbins & Monro 1951) with momentum (Polyak 1964):
///   u = μ u + g,  w −= lr · u
/// and in Nesterov's form (Sutskever et al. 2013) w −= lr · (g + μ u).
class StochasticGradientDescent final : public Optimizer {
 public:
  explicit StochasticGradientDescent(const Json& parameters)
      : momentum_(parameters["momentum"]), nesterov_(parameters["nesterov"]) {}

  OptimizerState initial_state(std::size_t parameters) const override {
    return filled_state(parameters, {0});
  }

  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override {
    const auto rate = static_cast<float>(learning_rate), momentum = static_cast<float>(momentum_);
    float* velocity = state.blocks[0].data();
    for (std::size_t i = 0; i < size; ++i) {
      velocity[i] = momentum * velocity[i] + gradient[i];
      weights[i] -= rate * (nesterov_ ? gradient[i] + momentum * velocity[i] : velocity[i]);
    }
  }

 private:
  double momentum_;
  bool nesterov_;
};

}  // namespace

OptimizerType stochastic_gradient_descent() {
  return {"SGD",
          type_schema("SGD", "Gradient descent",
                      "Steps along the gradient, or with momentum along a running sum of gradients.",
                      "Robbins & Monro 1951; momentum: Polyak 1964; Nesterov's: Sutskever et al. 2013",
                      {
                          momentum_field(),
                          Field::boolean("nesterov", false,
                                         "Look ahead: the step goes on along the momentum that it made.")
                              .title("Nesterov's momentum"),
                      }),
          [](const Json& parameters) -> std::unique_ptr<Optimizer> {
            return std::make_unique<StochasticGradientDescent>(parameters);
          }};
}

}  // namespace nullcline
