// An initializer of one's own: units that pass on what they get, one to the next (White, Lee & Sompolinsky
// 2004).
#include <algorithm>

#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

/// Draws W_in and W_out as the built-in ones do; W_rec is its own.
class DelayLine final : public RandomInitializer {
 public:
  DelayLine(const Json& parameters, const NetworkSizes& sizes, const Context& context)
      : RandomInitializer(parameters, sizes, context), weight_(parameters["weight"]) {}

 private:
  std::vector<std::string> draw_W_rec(const Kernels&, std::uint32_t, const Constraints&,
                                      float* W_rec) const override {
    const auto units = static_cast<std::size_t>(sizes_.N_rec);
    std::fill_n(W_rec, units * units, 0.0f);
    for (std::size_t unit = 1; unit < units; ++unit) W_rec[unit * units + unit - 1] = weight_;
    return {};
  }

  float weight_;
};

}  // namespace

InitializerType delay_line() {
  return {"DelayLine",
          type_schema("DelayLine", "Delay line", "Each unit projects to the next one alone.",
                      "White, Lee & Sompolinsky 2004",
                      random_initializer_fields({Field::number("weight", 1, "Weight of each connection.")
                                                     .title("Weight")
                                                     .at_least(-10)
                                                     .at_most(10)})),
          [](const Json& parameters, const NetworkSizes& sizes,
             const Context& context) -> std::unique_ptr<Initializer> {
            return std::make_unique<DelayLine>(parameters, sizes, context);
          }};
}

}  // namespace nullcline
