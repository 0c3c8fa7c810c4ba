#include <algorithm>
#include <cmath>

#include "engine/training/optimizer.h"

namespace nullcline {

namespace {

/// Places in OptimizerState.
enum : std::size_t { mean_square, velocity, mean };

/// RMSProp (Tieleman & Hinton 2012) as TensorFlow 1 computes it, from a mean square of 1, epsilon inside of
/// the root, the learning rate inside of the momentum:
///   v = ρ v + (1 − ρ) g²,  u = μ u + lr · g / √(v + ε),  w −= u
/// Centred (Graves 2013), with m = ρ m + (1 − ρ) g, the root is of v − m² + ε.
class RmsProp final : public Optimizer {
 public:
  explicit RmsProp(const Json& parameters)
      : decay_(parameters["decay"]),
        momentum_(parameters["momentum"]),
        epsilon_(parameters["epsilon"]),
        centered_(parameters["centered"]) {}

  OptimizerState initial_state(std::size_t parameters) const override {
    return centered_ ? filled_state(parameters, {1, 0, 0}) : filled_state(parameters, {1, 0});
  }

  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override {
    const auto rate = static_cast<float>(learning_rate), momentum = static_cast<float>(momentum_);
    const auto keep = static_cast<float>(decay_), take = static_cast<float>(1 - decay_);
    const auto epsilon = static_cast<float>(epsilon_);
    float* v = state.blocks[mean_square].data();
    float* u = state.blocks[velocity].data();
    float* m = centered_ ? state.blocks[mean].data() : nullptr;
    for (std::size_t i = 0; i < size; ++i) {
      const float g = gradient[i];
      v[i] = keep * v[i] + take * (g * g);
      float variance = v[i];
      if (m != nullptr) {
        m[i] = keep * m[i] + take * g;
        variance = std::max(v[i] - m[i] * m[i], 0.0f);  // rounding can make it negative
      }
      u[i] = momentum * u[i] + rate * g / std::sqrt(variance + epsilon);
      weights[i] -= u[i];
    }
  }

 private:
  double decay_;
  double momentum_;
  double epsilon_;
  bool centered_;
};

}  // namespace

OptimizerType rms_prop() {
  return {"RMSProp",
          type_schema("RMSProp", "RMSProp",
                      "Steps scaled by a running mean of the squared gradient; TensorFlow 1's formula.",
                      "Tieleman & Hinton 2012; centred: Graves 2013",
                      {
                          Field::number("decay", .9, "Decay of the running mean of the squared gradient.")
                              .title("Decay of the mean square")
                              .symbol("ρ")
                              .at_least(0)
                              .below(1),
                          momentum_field(),
                          Field::number("epsilon", 1e-10, "Added to the mean square, inside of the root.")
                              .title("Epsilon")
                              .symbol("ε")
                              .at_least(1e-30)
                              .at_most(1),
                          Field::boolean("centered", false,
                                         "Take the gradient's variance in place of its mean square.")
                              .title("Centered"),
                      }),
          [](const Json& parameters) -> std::unique_ptr<Optimizer> {
            return std::make_unique<RmsProp>(parameters);
          }};
}

}  // namespace nullcline
