#include "engine/training/adam.h"

namespace nullcline {

namespace {

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019) as PyTorch computes it:
///   w −= lr · λ · w, then Adam's update in its "torch" form.
/// Every weight decays, biases, the initial state and weights without a gradient among them.
class AdamW final : public Optimizer {
 public:
  explicit AdamW(const Json& parameters)
      : adam_(parameters, EpsilonMode::torch), weight_decay_(parameters["weight_decay"]) {}

  OptimizerState initial_state(std::size_t parameters) const override {
    return adam_.initial_state(parameters);
  }

  void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
              OptimizerState& state) const override {
    const auto keep = static_cast<float>(1 - learning_rate * weight_decay_);
    for (std::size_t i = 0; i < size; ++i) weights[i] *= keep;
    adam_.update(learning_rate, gradient, size, weights, state);
  }

 private:
  Adam adam_;
  double weight_decay_;
};

}  // namespace

OptimizerType adam_w() {
  std::vector<Field> fields = adam_fields();
  fields.push_back(Field::number("weight_decay", .01,
                                 "Share of each weight that an update takes away, times the learning rate.")
                       .title("Weight decay")
                       .symbol("λ")
                       .at_least(0)
                       .at_most(10));
  return {
      "AdamW",
      type_schema("AdamW", "Adam with weight decay",
                  "Adam that also shrinks every weight a little, apart from the gradient; PyTorch's formula.",
                  "Loshchilov & Hutter 2019", fields),
      [](const Json& parameters) -> std::unique_ptr<Optimizer> {
        return std::make_unique<AdamW>(parameters);
      }};
}

}  // namespace nullcline
