#include "engine/math/random.h"
#include "engine/networks/registry.h"

namespace nullcline {

namespace {

/// W_rec Gaussian, balanced under Dale's law, scaled to a spectral radius.
class GaussianSpectralRadius final : public RandomInitializer {
 public:
  GaussianSpectralRadius(const Json& parameters, const NetworkSizes& sizes, const Context& context)
      : RandomInitializer(parameters, sizes, context), spec_rad_(parameters["spec_rad"]) {
    if (context.conventions == Conventions::psychrnn) forget_given_W_rec();  // its code draws over it
  }

 private:
  std::vector<std::string> draw_W_rec(const Kernels& kernels, std::uint32_t seed,
                                      const Constraints& constraints, float* W_rec) const override {
    const int N_rec = sizes_.N_rec;
    fill_normal_matrix(kernels, seed, random_W_rec, N_rec, N_rec, W_rec);
    balance_dale(constraints, N_rec, conventions_, W_rec);
    if (scale_to_spectral_radius(constraints, N_rec, spec_rad_, conventions_, W_rec)) return {};
    return {
        "W_rec has no cycle of connections, so it has no spectral radius to scale to; its weights are left "
        "as they were drawn."};
  }

  double spec_rad_;
};

}  // namespace

InitializerType gaussian_spectral_radius() {
  return {
      "GaussianSpectralRadius",
      type_schema(
          "GaussianSpectralRadius", "Gaussian with a spectral radius",
          "W_rec is Gaussian, scaled to the spectral radius; biases are 0 and the initial state is 0.1 with "
          "a "
          "little noise.",
          "Sussillo & Abbott 2009; Glorot & Bengio 2010",
          random_initializer_fields(
              {Field::number("spec_rad", 1.1,
                             "Largest modulus of an eigenvalue of the initial W_rec; above 1 the untrained "
                             "linear network would be unstable.")
                   .title("Spectral radius")
                   .symbol("ρ")
                   .above(0)
                   .at_most(100)})),
      [](const Json& parameters, const NetworkSizes& sizes,
         const Context& context) -> std::unique_ptr<Initializer> {
        return std::make_unique<GaussianSpectralRadius>(parameters, sizes, context);
      }};
}

}  // namespace nullcline
