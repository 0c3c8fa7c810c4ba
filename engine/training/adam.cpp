#include "engine/training/adam.h"

#include <cmath>

namespace nullcline {

namespace {

/// Places in OptimizerState.
enum : std::size_t { first_moment, second_moment };
enum : std::size_t { beta_1_power, beta_2_power };

}  // namespace

Adam::Adam(const Json& parameters, EpsilonMode epsilon_mode)
    : beta_1_(parameters["beta_1"]),
      beta_2_(parameters["beta_2"]),
      epsilon_(parameters["epsilon"]),
      epsilon_mode_(epsilon_mode) {}

OptimizerState Adam::initial_state(std::size_t parameters) const {
  return filled_state(parameters, {0, 0}, {1, 1});
}

void Adam::update(double learning_rate, const float* gradient, std::size_t size, float* weights,
                  OptimizerState& state) const {
  // The powers of β are products carried along: no power function, whose bits would differ between targets.
  state.numbers[beta_1_power] *= beta_1_;
  state.numbers[beta_2_power] *= beta_2_;
  const double correction_1 = 1 - state.numbers[beta_1_power];
  const double correction_2 = std::sqrt(1 - state.numbers[beta_2_power]);
  const bool outside = epsilon_mode_ == EpsilonMode::tensorflow;
  const auto rate = static_cast<float>(outside ? learning_rate * correction_2 / correction_1
                                               : learning_rate / correction_1);
  const auto root_divisor = static_cast<float>(outside ? 1 : correction_2);  // a division by 1 is exact
  const auto keep_1 = static_cast<float>(beta_1_), take_1 = static_cast<float>(1 - beta_1_);
  const auto keep_2 = static_cast<float>(beta_2_), take_2 = static_cast<float>(1 - beta_2_);
  const auto epsilon = static_cast<float>(epsilon_);
  float* m = state.blocks[first_moment].data();
  float* v = state.blocks[second_moment].data();
  for (std::size_t i = 0; i < size; ++i) {
    const float g = gradient[i];
    m[i] = keep_1 * m[i] + take_1 * g;
    v[i] = keep_2 * v[i] + take_2 * (g * g);
    weights[i] -= rate * m[i] / (std::sqrt(v[i]) / root_divisor + epsilon);
  }
}

std::vector<Field> adam_fields() {
  return {
      Field::number("beta_1", .9, "Decay of the running mean of the gradient.")
          .title("Decay of the mean")
          .symbol("β₁")
          .at_least(0)
          .below(1),
      Field::number("beta_2", .999, "Decay of the running mean of the squared gradient.")
          .title("Decay of the mean square")
          .symbol("β₂")
          .at_least(0)
          .below(1),
      Field::number("epsilon", 1e-8, "Added to the root of the mean square, so that it is never 0.")
          .title("Epsilon")
          .symbol("ε")
          .at_least(1e-30)
          .at_most(1),
  };
}

OptimizerType adam() {
  std::vector<Field> fields = adam_fields();
  fields.push_back(
      Field::one_of(
          "epsilon_mode", {"tensorflow", "torch"},
          R"(Where epsilon is added: outside the bias correction, as TensorFlow 1 (and PsychRNN) does, or inside, as PyTorch does.)")
          .title("Epsilon is added as in")
          .advanced());
  return {"Adam",
          type_schema("Adam", "Adam", "Steps scaled by running means of the gradient and of its square.",
                      "Kingma & Ba 2015", fields),
          [](const Json& parameters) -> std::unique_ptr<Optimizer> {
            const bool torch = parameters["epsilon_mode"] == "torch";
            return std::make_unique<Adam>(parameters, torch ? EpsilonMode::torch : EpsilonMode::tensorflow);
          }};
}

}  // namespace nullcline
