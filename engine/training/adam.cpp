#include <cmath>

#include "engine/experiment/schema.h"
#include "engine/training/optimizer.h"

namespace nullcline {

namespace {

/// Places in OptimizerState.
enum : std::size_t { first_moment, second_moment };
enum : std::size_t { beta_1_power, beta_2_power };

/// Adam (Kingma & Ba 2015) as TensorFlow 1 computes it, epsilon outside the bias correction:
///   m = β₁ m + (1 − β₁) g,  v = β₂ v + (1 − β₂) g²,  w −= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
class Adam final : public Optimizer {
 public:
  explicit Adam(const Json& parameters)
      : beta_1_(parameters["beta_1"]), beta_2_(parameters["beta_2"]), epsilon_(parameters["epsilon"]) {}

  OptimizerState initial_state(std::size_t parameters) const override {
    OptimizerState state{{FloatBuffer(parameters), FloatBuffer(parameters)}, {1, 1}};
    for (FloatBuffer& block : state.blocks) block.fill(0);
    return state;
  }

  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override {
    // The powers of β are products carried along: no power function, whose bits would differ between targets.
    state.numbers[beta_1_power] *= beta_1_;
    state.numbers[beta_2_power] *= beta_2_;
    const auto rate = static_cast<float>(learning_rate * std::sqrt(1 - state.numbers[beta_2_power]) /
                                         (1 - state.numbers[beta_1_power]));
    const auto keep_1 = static_cast<float>(beta_1_), take_1 = static_cast<float>(1 - beta_1_);
    const auto keep_2 = static_cast<float>(beta_2_), take_2 = static_cast<float>(1 - beta_2_);
    const auto epsilon = static_cast<float>(epsilon_);
    float* m = state.blocks[first_moment].data();
    float* v = state.blocks[second_moment].data();
    for (std::size_t i = 0; i < size; ++i) {
      const float g = gradient[i];
      m[i] = keep_1 * m[i] + take_1 * g;
      v[i] = keep_2 * v[i] + take_2 * (g * g);
      weights[i] -= rate * m[i] / (std::sqrt(v[i]) + epsilon);
    }
  }

 private:
  double beta_1_;
  double beta_2_;
  double epsilon_;
};

}  // namespace

OptimizerType adam() {
  return {"Adam",
          type_schema("Adam", "Adam", "Steps scaled by running means of the gradient and of its square.",
                      "Kingma & Ba 2015",
                      {
                          Field::number("beta_1", .9, "Decay of the running mean of the gradient.")
                              .symbol("β₁")
                              .at_least(0)
                              .below(1),
                          Field::number("beta_2", .999, "Decay of the running mean of the squared gradient.")
                              .symbol("β₂")
                              .at_least(0)
                              .below(1),
                          Field::number("epsilon", 1e-8,
                                        "Added to the root of the mean square, so that it is never 0.")
                              .symbol("ε")
                              .above(0)
                              .at_most(1),
                      }),
          [](const Json& parameters) -> std::unique_ptr<Optimizer> {
            return std::make_unique<Adam>(parameters);
          }};
}

}  // namespace nullcline
