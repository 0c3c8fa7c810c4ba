#include <cmath>

#include "engine/experiment/schema.h"
#include "engine/math/random.h"
#include "engine/math/spectrum.h"
#include "engine/networks/registry.h"

namespace nullcline {

namespace {

/// Numbers under which the matrices' random numbers are addressed; part of the numerics contract.
enum RandomMatrix : std::uint32_t { random_W_in, random_W_rec, random_W_out, random_init_state };

/// Gaussian with variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010).
void fill_glorot(const Kernels& kernels, std::uint32_t seed, RandomMatrix matrix, int rows, int columns,
                 float* values) {
  fill_normal_matrix(kernels, seed, matrix, rows, columns, values);
  const auto deviation = static_cast<float>(std::sqrt(2.0 / (rows + columns)));
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(rows) * columns; ++i) values[i] *= deviation;
}

class GaussianSpectralRadius final : public Initializer {
 public:
  explicit GaussianSpectralRadius(double spec_rad) : spec_rad_(spec_rad) {}

  void initialize(const Kernels& kernels, std::uint32_t seed, const InitialWeights& weights) const override {
    const int N = weights.N_rec;
    fill_glorot(kernels, seed, random_W_in, N, weights.N_in, weights.W_in);
    fill_glorot(kernels, seed, random_W_out, weights.N_out, N, weights.W_out);
    fill_normal_matrix(kernels, seed, random_W_rec, N, N, weights.W_rec);
    scale_to_radius(N, weights.W_rec);
    std::fill_n(weights.b_rec, N, 0.0f);
    std::fill_n(weights.b_out, weights.N_out, 0.0f);
    fill_normal_matrix(kernels, seed, random_init_state, 1, N, weights.init_state);
    for (int i = 0; i < N; ++i) weights.init_state[i] = .1f + .01f * weights.init_state[i];
  }

 private:
  /// A matrix without a spectral radius (a drawn one always has one) is left as it is.
  void scale_to_radius(int N, float* W_rec) const {
    const double radius = spectral_radius(W_rec, N);
    if (!(radius > 0)) return;
    const auto factor = static_cast<float>(spec_rad_ / radius);
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(N) * N; ++i) W_rec[i] *= factor;
  }

  double spec_rad_;
};

}  // namespace

InitializerType gaussian_spectral_radius() {
  return {"GaussianSpectralRadius",
          type_schema(
              "GaussianSpectralRadius", "Gaussian with a spectral radius",
              "W_rec is Gaussian, scaled to the spectral radius; W_in and W_out are Gaussian with Glorot's "
              "variance; "
              "biases are 0 and the initial state is 0.1 with a little noise.",
              "Sussillo & Abbott 2009; Glorot & Bengio 2010",
              {Field::number("spec_rad", 1.1,
                             "Largest modulus of an eigenvalue of the initial W_rec; above 1 the untrained "
                             "linear network would be unstable.")
                   .title("Spectral radius")
                   .symbol("ρ")
                   .above(0)
                   .at_most(100)}),
          [](const Json& parameters) -> std::unique_ptr<Initializer> {
            return std::make_unique<GaussianSpectralRadius>(parameters["spec_rad"].get<double>());
          }};
}

}  // namespace nullcline
