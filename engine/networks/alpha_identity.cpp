#include <algorithm>

#include "engine/networks/registry.h"

namespace nullcline {

namespace {

/// W_rec = α · identity (Le, Jaitly & Hinton 2015), balanced under Dale's law.
class AlphaIdentity final : public RandomInitializer {
 public:
  AlphaIdentity(const Json& parameters, const NetworkSizes& sizes, const Context& context)
      : RandomInitializer(parameters, sizes, context), alpha_(parameters["alpha"]) {
    if (context.conventions == Conventions::psychrnn) forget_given_W_rec();  // its code writes over it
  }

 private:
  std::vector<std::string> draw_W_rec(const Kernels&, std::uint32_t, const Constraints& constraints,
                                      float* W_rec) const override {
    const auto units = static_cast<std::size_t>(sizes_.N_rec);
    std::fill_n(W_rec, units * units, 0.0f);
    for (std::size_t i = 0; i < units; ++i) W_rec[i * (units + 1)] = alpha_;
    balance_dale(constraints, sizes_.N_rec, conventions_, W_rec);
    return {};
  }

  float alpha_;
};

}  // namespace

InitializerType alpha_identity() {
  return {"AlphaIdentity",
          type_schema("AlphaIdentity", "Multiple of the identity",
                      "W_rec connects each unit with itself alone, by the same weight.",
                      "Le, Jaitly & Hinton 2015",
                      random_initializer_fields({Field::number("alpha", 1, "Weight of each unit onto itself.")
                                                     .title("Weight")
                                                     .symbol("α")
                                                     .at_least(-100)
                                                     .at_most(100)})),
          [](const Json& parameters, const NetworkSizes& sizes,
             const Context& context) -> std::unique_ptr<Initializer> {
            return std::make_unique<AlphaIdentity>(parameters, sizes, context);
          }};
}

}  // namespace nullcline
