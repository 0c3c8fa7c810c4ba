#pragma once

#include <vector>

#include "engine/training/optimizer.h"

namespace nullcline {

/// Where Adam adds ε: to the root of the mean square as it is, or after its bias was corrected.
enum class EpsilonMode { tensorflow, torch };

/// Adam (Kingma & Ba 2015): m = β₁ m + (1 − β₁) g, v = β₂ v + (1 − β₂) g², and
///   tensorflow: w −= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
///   torch:      w −= lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
class Adam final : public Optimizer {
 public:
  /// From the fields of `adam_fields`.
  Adam(const Json& parameters, EpsilonMode epsilon_mode);

  OptimizerState initial_state(std::size_t parameters) const override;
  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override;

 private:
  double beta_1_;
  double beta_2_;
  double epsilon_;
  EpsilonMode epsilon_mode_;
};

/// beta_1, beta_2 and epsilon.
std::vector<Field> adam_fields();

}  // namespace nullcline
