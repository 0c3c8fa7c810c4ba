#include "engine/networks/initializer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/experiment/matrix.h"
#include "engine/experiment/registry.h"
#include "engine/math/random.h"
#include "engine/math/spectrum.h"

namespace nullcline {

namespace {

const std::vector<std::string> fill_names = {"glorot_gauss", "glorot_unif", "const_gauss", "const_unif"};

RandomFill fill_named(const Json& name) {
  const auto found = std::find(fill_names.begin(), fill_names.end(), name.get<std::string>());
  return static_cast<RandomFill>(found - fill_names.begin());
}

std::size_t size_of(int rows, int columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// fan_in + fan_out of each element.
std::vector<double> fans(const std::vector<float>& connectivity, int rows, int columns) {
  std::vector<double> sums(size_of(rows, columns), 1.0 * rows + columns);
  if (connectivity.empty()) return sums;
  const auto width = static_cast<std::size_t>(columns);
  std::vector<double> of_row(static_cast<std::size_t>(rows)), of_column(width);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    of_row[i / width] += connectivity[i];
    of_column[i % width] += connectivity[i];
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = of_row[i / width] + of_column[i % width];
  return sums;
}

std::vector<float> glorot(double numerator, const std::vector<float>& connectivity, int rows, int columns) {
  std::vector<float> scales;
  for (const double fan : fans(connectivity, rows, columns))
    scales.push_back(fan > 0 ? static_cast<float>(std::sqrt(numerator / fan)) : 0.0f);
  return scales;
}

/// Uniform in [−1, 1), addressed by matrix, row and column.
void fill_uniform(std::uint32_t seed, RandomMatrix matrix, int columns, std::size_t size, float* values) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto words =
        random_words(seed, Purpose::initial_weights,
                     {0, static_cast<std::uint32_t>(i / static_cast<std::size_t>(columns)), matrix,
                      static_cast<std::uint32_t>(i % static_cast<std::size_t>(columns))});
    values[i] = static_cast<float>(words[0] * 0x1p-31 - 1);
  }
}

float connection(const Constraints& constraints, std::size_t i) {
  const auto& connectivity = constraints.recurrent.connectivity;
  return connectivity.empty() ? 1.0f : connectivity[i];
}

/// Whether some unit reaches itself through connections. Without a cycle all eigenvalues are 0, which their
/// computation is too coarse to tell.
bool has_cycle(const std::vector<float>& matrix, std::size_t units) {
  std::vector<std::size_t> inputs(units), ready;
  for (std::size_t i = 0; i < matrix.size(); ++i)
    if (matrix[i] != 0) ++inputs[i / units];
  for (std::size_t unit = 0; unit < units; ++unit)
    if (inputs[unit] == 0) ready.push_back(unit);
  // Units without inputs are taken away until none is left, or a cycle is (Kahn 1962).
  std::size_t taken = 0;
  for (; taken < ready.size(); ++taken)
    for (std::size_t to = 0; to < units; ++to)
      if (matrix[to * units + ready[taken]] != 0 && --inputs[to] == 0) ready.push_back(to);
  return taken < units;
}

/// Row by row over the connections that exist.
void balance_rows(const Constraints& constraints, std::size_t units, float* W_rec) {
  const std::vector<float>& signs = constraints.dale->recurrent;
  for (std::size_t i = 0; i < units; ++i) {
    double excitatory = 0, inhibitory = 0;
    for (std::size_t j = 0; j < units; ++j)
      (signs[j] > 0 ? excitatory : inhibitory) += std::abs(connection(constraints, i * units + j));
    if (!(excitatory > 0 && inhibitory > 0)) continue;
    const double stronger = excitatory / inhibitory;
    double square = 0, count = 0;
    for (std::size_t j = 0; j < units; ++j) {
      const double c = connection(constraints, i * units + j);
      const double v = signs[j] > 0 ? c : c * stronger;
      square += v * v;
      count += c * c;
    }
    const double norm = std::sqrt(square / count);
    for (std::size_t j = 0; j < units; ++j)
      W_rec[i * units + j] *= static_cast<float>((signs[j] > 0 ? 1 : stronger) / norm);
  }
}

/// PsychRNN's formula: with v 1 for excitatory units and r / (1 − r) for inhibitory ones, column i is
/// multiplied by v[i] / ‖connectivity[i, :] ∘ v‖.
void balance_columns(const Constraints& constraints, std::size_t units, float* W_rec) {
  const double ratio = constraints.dale->ratio;
  std::vector<double> v;
  for (const float sign : constraints.dale->recurrent) v.push_back(sign > 0 ? 1 : ratio / (1 - ratio));
  for (std::size_t i = 0; i < units; ++i) {
    double square = 0;
    for (std::size_t j = 0; j < units; ++j) {
      const double term = connection(constraints, i * units + j) * v[j];
      square += term * term;
    }
    if (square == 0) continue;
    const auto factor = static_cast<float>(v[i] / std::sqrt(square));
    for (std::size_t row = 0; row < units; ++row) W_rec[row * units + i] *= factor;
  }
}

std::optional<std::vector<float>> given(const Json& parameters, const char* name, int rows, int columns,
                                        const Context& context) {
  if (!parameters.contains(name) || parameters[name].is_null()) return std::nullopt;
  return make_matrix(parameters[name], rows, columns, std::string("network.initializer.") + name,
                     context.files);
}

}  // namespace

std::vector<float> glorot_deviations(const std::vector<float>& connectivity, int rows, int columns) {
  return glorot(2, connectivity, rows, columns);
}

std::vector<float> glorot_limits(const std::vector<float>& connectivity, int rows, int columns) {
  return glorot(6, connectivity, rows, columns);
}

void balance_dale(const Constraints& constraints, int N_rec, Conventions conventions, float* W_rec) {
  if (!constraints.dale || constraints.dale->ratio >= 1) return;  // all are excitatory: nothing to balance
  const auto units = static_cast<std::size_t>(N_rec);
  if (conventions == Conventions::psychrnn)
    balance_columns(constraints, units, W_rec);
  else
    balance_rows(constraints, units, W_rec);
}

bool scale_to_spectral_radius(const Constraints& constraints, int N_rec, double wanted,
                              Conventions conventions, float* W_rec) {
  const std::size_t size = size_of(N_rec, N_rec);
  std::vector<float> matrix(W_rec, W_rec + size);
  if (conventions == Conventions::standard)
    apply_constraint(constraints.recurrent, N_rec, N_rec, W_rec, matrix.data());
  if (!has_cycle(matrix, static_cast<std::size_t>(N_rec))) return false;
  const double radius = spectral_radius(matrix.data(), N_rec);
  if (!(radius > 0)) return false;
  const auto factor = static_cast<float>(wanted / radius);
  for (std::size_t i = 0; i < size; ++i) W_rec[i] *= factor;
  return true;
}

RandomInitializer::RandomInitializer(const Json& parameters, const NetworkSizes& sizes,
                                     const Context& context)
    : sizes_(sizes),
      conventions_(context.conventions),
      which_rand_init_(fill_named(parameters["which_rand_init"])),
      which_rand_W_rec_init_(parameters["which_rand_W_rec_init"].is_null()
                                 ? which_rand_init_
                                 : fill_named(parameters["which_rand_W_rec_init"])),
      init_minval_(parameters["init_minval"]),
      init_maxval_(parameters["init_maxval"]),
      given_W_in_(given(parameters, "W_in", sizes.N_rec, sizes.N_in, context)),
      given_W_rec_(given(parameters, "W_rec", sizes.N_rec, sizes.N_rec, context)),
      given_W_out_(given(parameters, "W_out", sizes.N_out, sizes.N_rec, context)),
      given_b_rec_(given(parameters, "b_rec", sizes.N_rec, 1, context)),
      given_b_out_(given(parameters, "b_out", sizes.N_out, 1, context)),
      given_init_state_(given(parameters, "init_state", 1, sizes.N_rec, context)) {
  if (init_minval_ > init_maxval_)
    throw Failure({"out_of_range", "network.initializer.init_minval",
                   "network.initializer.init_minval must be at most init_maxval, " + shown(init_maxval_) +
                       "; found " + shown(init_minval_) + ".",
                   ""});
}

std::vector<std::string> RandomInitializer::initialize(const Kernels& kernels, std::uint32_t seed,
                                                       const Constraints& constraints,
                                                       const InitialWeights& weights) const {
  const auto [N_in, N_rec, N_out] = sizes_;
  fill(which_rand_init_, kernels, seed, random_W_in, constraints.input.connectivity, N_rec, N_in,
       weights.W_in);
  fill(which_rand_init_, kernels, seed, random_W_out, constraints.output.connectivity, N_out, N_rec,
       weights.W_out);
  std::vector<std::string> warnings;
  if (!given_W_rec_) warnings = draw_W_rec(kernels, seed, constraints, weights.W_rec);
  std::fill_n(weights.b_rec, N_rec, 0.0f);
  std::fill_n(weights.b_out, N_out, 0.0f);
  fill_normal_matrix(kernels, seed, random_init_state, 1, N_rec, weights.init_state);
  for (int i = 0; i < N_rec; ++i) weights.init_state[i] = .1f + .01f * weights.init_state[i];
  const auto put = [](const Given& values, float* place) {
    if (values) std::copy(values->begin(), values->end(), place);
  };
  put(given_W_in_, weights.W_in);
  put(given_W_rec_, weights.W_rec);
  put(given_W_out_, weights.W_out);
  put(given_b_rec_, weights.b_rec);
  put(given_b_out_, weights.b_out);
  put(given_init_state_, weights.init_state);
  return warnings;
}

std::vector<std::string> RandomInitializer::draw_W_rec(const Kernels& kernels, std::uint32_t seed,
                                                       const Constraints& constraints, float* W_rec) const {
  fill(which_rand_W_rec_init_, kernels, seed, random_W_rec, constraints.recurrent.connectivity, sizes_.N_rec,
       sizes_.N_rec, W_rec);
  return {};
}

void RandomInitializer::fill(RandomFill how, const Kernels& kernels, std::uint32_t seed, RandomMatrix matrix,
                             const std::vector<float>& connectivity, int rows, int columns,
                             float* values) const {
  const std::size_t size = size_of(rows, columns);
  if (how == RandomFill::const_gauss || how == RandomFill::glorot_gauss)
    fill_normal_matrix(kernels, seed, matrix, rows, columns, values);
  else
    fill_uniform(seed, matrix, columns, size, values);
  if (how == RandomFill::const_unif) {
    const float middle = .5f * (init_maxval_ + init_minval_), half = .5f * (init_maxval_ - init_minval_);
    for (std::size_t i = 0; i < size; ++i) values[i] = middle + half * values[i];
  }
  if (how == RandomFill::glorot_gauss || how == RandomFill::glorot_unif) {
    const std::vector<float> scales = how == RandomFill::glorot_gauss
                                          ? glorot_deviations(connectivity, rows, columns)
                                          : glorot_limits(connectivity, rows, columns);
    for (std::size_t i = 0; i < size; ++i) values[i] *= scales[i];
  }
}

std::vector<Field> random_initializer_fields(std::vector<Field> own) {
  Json names = {{"title", "its own"}, {"enum", fill_names}};
  std::vector<Field> fields = std::move(own);
  const std::vector<Field> shared = {
      Field::one_of("which_rand_init", fill_names,
                    "Distribution of the drawn weights: Gaussian or uniform, with Glorot's variance over the "
                    "connections that exist, or a constant one.")
          .title("Distribution"),
      Field::any_of("which_rand_W_rec_init", nullptr, {null_form("as the others"), names},
                    "Distribution of W_rec, where it is drawn element by element.")
          .title("Distribution of W_rec")
          .advanced(),
      Field::number("init_minval", -.1, "Smallest weight of const_unif.")
          .title("Smallest weight")
          .only_with("const_unif")
          .at_least(-1000)
          .at_most(1000)
          .advanced(),
      Field::number("init_maxval", .1, "Largest weight of const_unif.")
          .title("Largest weight")
          .only_with("const_unif")
          .at_least(-1000)
          .at_most(1000)
          .advanced(),
      matrix_field("W_in", "drawn", "Given input weights: N_rec × N_in.").title("W_in").advanced(),
      matrix_field("W_rec", "drawn", "Given recurrent weights: N_rec × N_rec.").title("W_rec").advanced(),
      matrix_field("W_out", "drawn", "Given output weights: N_out × N_rec.").title("W_out").advanced(),
      vector_field("b_rec", "zeros", "Given biases of the units.").title("b_rec").advanced(),
      vector_field("b_out", "zeros", "Given biases of the outputs.").title("b_out").advanced(),
      vector_field("init_state", "0.1 with a little noise", "Given initial state of the units.")
          .title("init_state")
          .advanced(),
  };
  fields.insert(fields.end(), shared.begin(), shared.end());
  return fields;
}

std::unique_ptr<Initializer> make_initializer(const Json& parameters, const NetworkSizes& sizes,
                                              const Context& context) {
  return named(initializer_types(), parameters["type"]).create(parameters, sizes, context);
}

}  // namespace nullcline
