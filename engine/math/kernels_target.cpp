// The kernels, written once over eight lanes. Compiled once for each instruction set and arithmetic: the
// including file defines NULLCLINE_TARGET (a namespace), NULLCLINE_FUSED (0 or 1) and
// NULLCLINE_INSTRUCTION_SET (a string). Everything lives in that namespace and nothing inline from the
// standard library is used, so that code compiled for one instruction set can never be linked in place of
// another's.

#include <cstddef>
#include <cstdint>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__AVX2__)
#include <immintrin.h>
#endif

#include "engine/math/kernels.h"

namespace nullcline::NULLCLINE_TARGET {

using Lanes = float __attribute__((vector_size(32)));
using UnalignedLanes = float __attribute__((vector_size(32), aligned(4)));
using IntegerLanes = std::int32_t __attribute__((vector_size(32)));

// Registers that eight lanes take: it decides how many sums fit into the sixteen registers of the machine.
#if defined(__AVX2__)
constexpr int registers_per_panel = 1;
#else
constexpr int registers_per_panel = 2;
#endif
constexpr int accumulators = 12 / registers_per_panel;

#define NULLCLINE_INLINE inline __attribute__((always_inline))

NULLCLINE_INLINE Lanes load(const float* data) { return *reinterpret_cast<const UnalignedLanes*>(data); }

NULLCLINE_INLINE void store(float* data, Lanes lanes) { *reinterpret_cast<UnalignedLanes*>(data) = lanes; }

NULLCLINE_INLINE Lanes splat(float value) {
  return Lanes{value, value, value, value, value, value, value, value};
}

/// A weight for all lanes. The load and the splat are one instruction: half as fast when they are two in
/// WebAssembly.
NULLCLINE_INLINE Lanes broadcast(const float* weight) {
#if defined(__wasm_simd128__)
  using Half = float __attribute__((vector_size(16)));
  const Half half = reinterpret_cast<Half>(wasm_v128_load32_splat(weight));
  return __builtin_shufflevector(half, half, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return splat(*weight);
#endif
}

/// a · b + c in this build's arithmetic.
NULLCLINE_INLINE Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
#if !NULLCLINE_FUSED
  return a * b + c;
#elif defined(__wasm_relaxed_simd__)
  using Half = float __attribute__((vector_size(16)));
  const auto half = [](Lanes x, Lanes y, Lanes z) {
    const Half result = reinterpret_cast<Half>(
        wasm_f32x4_relaxed_madd(reinterpret_cast<v128_t>(__builtin_shufflevector(x, x, 0, 1, 2, 3)),
                                reinterpret_cast<v128_t>(__builtin_shufflevector(y, y, 0, 1, 2, 3)),
                                reinterpret_cast<v128_t>(__builtin_shufflevector(z, z, 0, 1, 2, 3))));
    return result;
  };
  const Half low = half(a, b, c);
  const Half high = half(__builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3),
                         __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3),
                         __builtin_shufflevector(c, c, 4, 5, 6, 7, 0, 1, 2, 3));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#else
  Lanes result = c;
  for (int lane = 0; lane < panel_width; ++lane) result[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
  return result;
#endif
}

NULLCLINE_INLINE Lanes square_root(Lanes x) {
#if defined(__AVX2__)
  return _mm256_sqrt_ps(x);
#else
  Lanes result = x;
  for (int lane = 0; lane < panel_width; ++lane) result[lane] = __builtin_sqrtf(x[lane]);
  return result;
#endif
}

NULLCLINE_INLINE IntegerLanes bits(Lanes x) { return reinterpret_cast<IntegerLanes>(x); }
NULLCLINE_INLINE Lanes from_bits(IntegerLanes x) { return reinterpret_cast<Lanes>(x); }
NULLCLINE_INLINE Lanes absolute(Lanes x) { return from_bits(bits(x) & 0x7fffffff); }
NULLCLINE_INLINE Lanes copy_sign(Lanes magnitude, Lanes sign) {
  return from_bits(bits(magnitude) | (bits(sign) & static_cast<std::int32_t>(0x80000000)));
}

/// The eight lanes added by the contract's tree.
NULLCLINE_INLINE float sum_lanes(Lanes x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// c[0] + c[1] x + c[2] x² + …
template <int terms>
NULLCLINE_INLINE Lanes polynomial(Lanes x, const float (&coefficients)[terms]) {
  Lanes sum = splat(coefficients[terms - 1]);
  for (int i = terms - 2; i >= 0; --i) sum = multiply_add(sum, x, splat(coefficients[i]));
  return sum;
}

/// 2^power · e^r for whole powers and |r| ≤ ½ ln 2; a NaN in r stays one.
NULLCLINE_INLINE Lanes scaled_exponential(Lanes power, Lanes r) {
  constexpr float coefficients[] = {0.5f, 0.16666512191295624f, 0.0416661873459816f, 0.008369598537683487f,
                                    0.0013951717410236597f};
  const Lanes value = multiply_add(r * r, polynomial(r, coefficients), r) + 1.0f;
  // A NaN is kept out of the conversion, whose result for it would depend on the machine.
  const IntegerLanes is_nan = (bits(r) & 0x7fffffff) > 0x7f800000;
  const Lanes finite_power = is_nan ? splat(0.0f) : power;
  const IntegerLanes exponent = __builtin_convertvector(finite_power, IntegerLanes);
  return from_bits(bits(value) + (exponent << 23));
}

/// x / ln 2, rounded to a whole number.
NULLCLINE_INLINE Lanes power_of_two(Lanes x) {
  const Lanes rounder = splat(12582912.0f);  // 1.5 · 2²³: adding it rounds to an integer
  return multiply_add(x, splat(1.44269504f), rounder) - rounder;
}

/// eˣ to 1e-7 relative; arguments are held to ±87, whose results are normal numbers; a NaN stays one.
NULLCLINE_INLINE Lanes exponential(Lanes x) {
  const Lanes low = splat(-87.0f), high = splat(87.0f);
  const Lanes held = x < low ? low : (x > high ? high : x);
  const Lanes power = power_of_two(held);
  const Lanes r =
      multiply_add(power, splat(-1.42860677e-6f), multiply_add(power, splat(-0.693145752f), held));
  return scaled_exponential(power, r);
}

/// e^(more − x²/2) to 5e-7 relative for |x| ≤ 14 and −2 ≤ more ≤ 1, and 0 where the exponent is below −87: x²
/// would lose too many digits to rounding, so it is split into an exact part and a small rest.
NULLCLINE_INLINE Lanes gaussian(Lanes x, Lanes more) {
  const Lanes head =
      from_bits(bits(x) & static_cast<std::int32_t>(0xfffff000));  // 12 bits: its square is exact
  const Lanes exact = -0.5f * (head * head);
  const Lanes rest = -0.5f * ((x - head) * (x + head)) + more;
  const Lanes sum = exact + rest;
  const Lanes power = power_of_two(sum);
  const Lanes r =
      multiply_add(power, splat(-1.42860677e-6f), multiply_add(power, splat(-0.693145752f), exact) + rest);
  return sum < -87.0f ? splat(0.0f) : scaled_exponential(power, r);
}

/// ln x of positive normal numbers to 1e-7 relative (absolute near 1).
NULLCLINE_INLINE Lanes logarithm(Lanes x) {
  // The mantissa is brought to [√½, √2).
  const IntegerLanes shifted = bits(x) - 0x3f3504f3;
  const Lanes power = __builtin_convertvector(shifted >> 23, Lanes);
  const Lanes f = from_bits((shifted & 0x007fffff) + 0x3f3504f3) - 1.0f;
  constexpr float coefficients[] = {0.33333316445350647f,  -0.25000810623168945f, 0.2000228613615036f,
                                    -0.16624553501605988f, 0.14181196689605713f,  -0.13128763437271118f,
                                    0.12881620228290558f,  -0.07859551906585693f};
  const Lanes square = f * f;
  const Lanes tail =
      multiply_add(square * f, polynomial(f, coefficients), multiply_add(square, splat(-0.5f), f));
  return multiply_add(power, splat(0.693145752f), multiply_add(power, splat(1.42860677e-6f), tail));
}

NULLCLINE_INLINE Lanes sigmoid(Lanes x) { return splat(1.0f) / (exponential(-x) + 1.0f); }

/// tanh x to 3e-7 relative: a polynomial near zero, by the exponential elsewhere.
NULLCLINE_INLINE Lanes hyperbolic_tangent(Lanes x) {
  constexpr float coefficients[] = {-0.3333328366279602f, 0.13331490755081177f, -0.05374349653720856f,
                                    0.020650578662753105f, -0.005717036779969931f};
  const Lanes square = x * x;
  const Lanes near_zero = multiply_add(x * square, polynomial(square, coefficients), x);
  const Lanes magnitude = absolute(x);
  const Lanes far = copy_sign(1.0f - splat(2.0f) / (exponential(magnitude + magnitude) + 1.0f), x);
  return magnitude < 0.625f ? near_zero : far;
}

/// ln(1 + t) for t in [0, 1], accurate for small t: the rounding of 1 + t is undone by t / ((1 + t) − 1)
/// (Goldberg 1991, theorem 4).
NULLCLINE_INLINE Lanes logarithm_of_one_plus(Lanes t) {
  const Lanes sum = t + 1.0f;
  const Lanes rounded = sum - 1.0f;
  return rounded == 0.0f ? t : logarithm(sum) * (t / rounded);
}

/// ln(1 + e^{βx}) / β without overflow.
NULLCLINE_INLINE Lanes softplus(Lanes x, float beta) {
  const Lanes scaled = beta * x;
  const Lanes positive = scaled < 0.0f ? splat(0.0f) : scaled;
  return (positive + logarithm_of_one_plus(exponential(-absolute(scaled)))) / beta;
}

/// |x|, at most 14, beyond which the normal density is no normal number; a NaN stays one.
NULLCLINE_INLINE Lanes bounded_magnitude(Lanes x) {
  const Lanes magnitude = absolute(x);
  return magnitude > 14.0f ? splat(14.0f) : magnitude;
}

/// Φ(x), the normal distribution function, to 1e-6 relative where it is a normal number: Chebyshev's fit of
/// the complementary error function (Press, Teukolsky, Vetterling & Flannery 1992, section 6.2).
NULLCLINE_INLINE Lanes normal_distribution(Lanes x) {
  constexpr float coefficients[] = {-1.26551223f, 1.00002368f,  0.37409196f, 0.09678418f,  -0.18628806f,
                                    0.27886807f,  -1.13520398f, 1.48851587f, -0.82215223f, 0.17087277f};
  const Lanes magnitude = bounded_magnitude(x);
  const Lanes t = splat(1.0f) / (0.35355339f * magnitude + 1.0f);
  const Lanes tail = 0.5f * t * gaussian(magnitude, polynomial(t, coefficients));
  return x < 0.0f ? tail : 1.0f - tail;
}

/// The derivative of x Φ(x): Φ(x) + x φ(x).
NULLCLINE_INLINE Lanes gelu_derivative(Lanes x) {
  const Lanes density = gaussian(bounded_magnitude(x), splat(0.0f)) * 0.39894228f;
  return normal_distribution(x) + x * density;
}

// ---------------------------------------------------------------------------------------------------------------------
// Products

/// One tile of rows for several panels. noinline: V8 optimises a function after calls to it, not within one
/// endless loop.
template <int rows, int panels>
__attribute__((noinline)) void multiply_tile(const float* weights, int columns, PanelsIn in, PanelsOut out) {
  Lanes sum[panels][rows];
  for (int p = 0; p < panels; ++p)
    for (int r = 0; r < rows; ++r) sum[p][r] = load(out.data + p * out.stride + r * panel_width);
  for (int j = 0; j < columns; ++j) {
    Lanes value[panels];
    for (int p = 0; p < panels; ++p) value[p] = load(in.data + p * in.stride + j * panel_width);
    for (int r = 0; r < rows; ++r) {
      const Lanes weight = broadcast(weights + j * rows + r);
      for (int p = 0; p < panels; ++p) sum[p][r] = multiply_add(weight, value[p], sum[p][r]);
    }
  }
  for (int p = 0; p < panels; ++p)
    for (int r = 0; r < rows; ++r) store(out.data + p * out.stride + r * panel_width, sum[p][r]);
}

template <int rows>
void multiply_tile_for_panels(const float* weights, int columns, PanelsIn in, PanelsOut out, int panels) {
  constexpr int at_once = accumulators / rows > 1 ? accumulators / rows : 1;
  int p = 0;
  for (; p + at_once <= panels; p += at_once)
    multiply_tile<rows, at_once>(weights, columns, {in.data + p * in.stride, in.stride},
                                 {out.data + p * out.stride, out.stride});
  for (; p < panels; ++p)
    multiply_tile<rows, 1>(weights, columns, {in.data + p * in.stride, in.stride},
                           {out.data + p * out.stride, out.stride});
}

void multiply_add_panels(const float* tiles, int rows, int columns, PanelsIn in, PanelsOut out, int panels) {
  static_assert(tile_rows == 6);
  for (int i = 0; i < rows; i += tile_rows) {
    const float* tile = tiles + static_cast<std::ptrdiff_t>(i) * columns;
    const PanelsOut tile_out{out.data + i * panel_width, out.stride};
    switch (rows - i) {
      case 1:
        multiply_tile_for_panels<1>(tile, columns, in, tile_out, panels);
        break;
      case 2:
        multiply_tile_for_panels<2>(tile, columns, in, tile_out, panels);
        break;
      case 3:
        multiply_tile_for_panels<3>(tile, columns, in, tile_out, panels);
        break;
      case 4:
        multiply_tile_for_panels<4>(tile, columns, in, tile_out, panels);
        break;
      case 5:
        multiply_tile_for_panels<5>(tile, columns, in, tile_out, panels);
        break;
      default:
        multiply_tile_for_panels<6>(tile, columns, in, tile_out, panels);
        break;
    }
  }
}

template <int rows, int columns>
__attribute__((noinline)) void outer_tile(PanelsIn left, PanelsIn right, int steps, float* gradient,
                                          std::ptrdiff_t gradient_stride) {
  Lanes sum[rows][columns] = {};
  for (int k = 0; k < steps; ++k) {
    Lanes value[columns];
    for (int c = 0; c < columns; ++c) value[c] = load(right.data + k * right.stride + c * panel_width);
    for (int r = 0; r < rows; ++r) {
      const Lanes factor = load(left.data + k * left.stride + r * panel_width);
      for (int c = 0; c < columns; ++c) sum[r][c] = multiply_add(factor, value[c], sum[r][c]);
    }
  }
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) gradient[r * gradient_stride + c] += sum_lanes(sum[r][c]);
}

constexpr int outer_rows = registers_per_panel == 1 ? 4 : 2;
constexpr int outer_columns = 3;
static_assert(outer_rows * outer_columns <= accumulators);

template <int columns>
void outer_tiles(PanelsIn left, int rows, PanelsIn right, int steps, float* gradient,
                 std::ptrdiff_t gradient_stride) {
  int i = 0;
  for (; i + outer_rows <= rows; i += outer_rows)
    outer_tile<outer_rows, columns>({left.data + i * panel_width, left.stride}, right, steps,
                                    gradient + i * gradient_stride, gradient_stride);
  for (; i < rows; ++i)
    outer_tile<1, columns>({left.data + i * panel_width, left.stride}, right, steps,
                           gradient + i * gradient_stride, gradient_stride);
}

void accumulate_outer(PanelsIn left, int rows, PanelsIn right, int columns, int steps, float* gradient) {
  int j = 0;
  for (; j + outer_columns <= columns; j += outer_columns)
    outer_tiles<outer_columns>(left, rows, {right.data + j * panel_width, right.stride}, steps, gradient + j,
                               columns);
  for (; j < columns; ++j)
    outer_tiles<1>(left, rows, {right.data + j * panel_width, right.stride}, steps, gradient + j, columns);
}

void accumulate_sum(PanelsIn left, int rows, int steps, float* gradient) {
  for (int i = 0; i < rows; ++i) {
    Lanes sum = {};
    for (int k = 0; k < steps; ++k) sum += load(left.data + k * left.stride + i * panel_width);
    gradient[i] += sum_lanes(sum);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Element by element

void leaky_integrate(const float* previous, const float* drive, const float* alpha, const float* noise,
                     const float* noise_scale, float* state, int rows) {
  for (int row = 0; row < rows; ++row) {
    const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(row) * panel_width;
    const float take = alpha[row], keep = 1.0f - take;
    Lanes next = keep * load(previous + i) + take * load(drive + i);
    if (noise != nullptr) next += noise_scale[row] * load(noise + i);
    store(state + i, next);
  }
}

/// result[i] = function(values[i]) over eight lanes at a time.
template <class Function>
NULLCLINE_INLINE void map(const float* values, float* result, std::size_t size, Function function) {
  for (std::size_t i = 0; i < size; i += panel_width) store(result + i, function(load(values + i)));
}

/// gradient[i] *= derivative(state[i], rate[i])
template <class Derivative>
NULLCLINE_INLINE void scale(const float* state, const float* rate, float* gradient, std::size_t size,
                            Derivative derivative) {
  for (std::size_t i = 0; i < size; i += panel_width)
    store(gradient + i, load(gradient + i) * derivative(load(state + i), load(rate + i)));
}

void transfer(TransferFunction function, const float* state, float* rate, std::size_t size) {
  switch (function.type) {
    // A NaN state must stay visible, and −0 stays −0. With "<=" it would not, but compilers make
    // WebAssembly's pmax of that too, which keeps −0, so that targets would differ.
    case TransferFunction::relu:
      return map(state, rate, size, [](Lanes s) { return s < 0.0f ? splat(0.0f) : s; });
    case TransferFunction::tanh:
      return map(state, rate, size, hyperbolic_tangent);
    case TransferFunction::sigmoid:
      return map(state, rate, size, sigmoid);
    case TransferFunction::identity:
      return map(state, rate, size, [](Lanes s) { return s; });
    case TransferFunction::softplus:
      return map(state, rate, size, [=](Lanes s) { return softplus(s, function.parameter); });
    case TransferFunction::leaky_relu:
      return map(state, rate, size, [=](Lanes s) { return s < 0.0f ? function.parameter * s : s; });
    case TransferFunction::gelu:
      return map(state, rate, size, [](Lanes s) { return s * normal_distribution(s); });
  }
}

void transfer_adjoint(TransferFunction function, const float* state, const float* rate, float* gradient,
                      std::size_t size) {
  switch (function.type) {
    case TransferFunction::relu:
      return scale(state, rate, gradient, size,
                   [](Lanes s, Lanes) { return s > 0.0f ? splat(1.0f) : splat(0.0f); });
    case TransferFunction::tanh:
      return scale(state, rate, gradient, size, [](Lanes, Lanes r) { return 1.0f - r * r; });
    case TransferFunction::sigmoid:
      return scale(state, rate, gradient, size, [](Lanes, Lanes r) { return r * (1.0f - r); });
    case TransferFunction::identity:
      return;
    case TransferFunction::softplus:
      return scale(state, rate, gradient, size,
                   [=](Lanes s, Lanes) { return sigmoid(function.parameter * s); });
    case TransferFunction::leaky_relu:
      return scale(state, rate, gradient, size,
                   [=](Lanes s, Lanes) { return s > 0.0f ? splat(1.0f) : splat(function.parameter); });
    case TransferFunction::gelu:
      return scale(state, rate, gradient, size, [](Lanes s, Lanes) { return gelu_derivative(s); });
  }
}

void normal_deviates(const std::uint32_t* first, const std::uint32_t* second, float* cosine, float* sine,
                     std::size_t size) {
  // sin 2πt and cos 2πt for |t| ≤ 1/8
  constexpr float sine_terms[] = {6.2831854820251465f, -41.3416633605957f, 81.5925521850586f,
                                  -75.40206909179688f};
  constexpr float cosine_terms[] = {1.0f, -19.739208221435547f, 64.93931579589844f, -85.44285583496094f,
                                    59.22040557861328f};
  for (std::size_t i = 0; i < size; i += panel_width) {
    IntegerLanes a, b;
    for (int lane = 0; lane < panel_width; ++lane) {
      a[lane] = static_cast<std::int32_t>(first[i + static_cast<std::size_t>(lane)] >> 8);
      b[lane] = static_cast<std::int32_t>(second[i + static_cast<std::size_t>(lane)] >> 8);
    }
    // 24 bits each: uniform in (0, 1] and in [0, 1), both exact.
    const Lanes u = (__builtin_convertvector(a, Lanes) + 1.0f) * 5.9604644775390625e-8f;
    const Lanes v = __builtin_convertvector(b, Lanes) * 5.9604644775390625e-8f;
    const Lanes radius = square_root(-2.0f * logarithm(u));
    const IntegerLanes quarter = __builtin_convertvector(v * 4.0f + 0.5f, IntegerLanes);
    const Lanes t = v - __builtin_convertvector(quarter, Lanes) * 0.25f;
    const Lanes square = t * t;
    const Lanes s = t * polynomial(square, sine_terms);
    const Lanes c = polynomial(square, cosine_terms);
    const IntegerLanes swapped = (quarter & 1) != 0;
    const IntegerLanes negative_sine = ((quarter & 2) != 0) & static_cast<std::int32_t>(0x80000000);
    const IntegerLanes negative_cosine = (((quarter + 1) & 2) != 0) & static_cast<std::int32_t>(0x80000000);
    store(cosine + i, radius * from_bits(bits(swapped ? s : c) ^ negative_cosine));
    store(sine + i, radius * from_bits(bits(swapped ? c : s) ^ negative_sine));
  }
}

void exponential_of(const float* values, float* result, std::size_t size) {
  map(values, result, size, [](Lanes x) { return exponential(x); });
}

void logarithm_of(const float* values, float* result, std::size_t size) {
  map(values, result, size, [](Lanes x) { return logarithm(x); });
}

extern const Kernels kernels;
const Kernels kernels = {
    NULLCLINE_FUSED ? Arithmetic::fused : Arithmetic::plain,
    NULLCLINE_INSTRUCTION_SET,
    multiply_add_panels,
    accumulate_outer,
    accumulate_sum,
    leaky_integrate,
    transfer,
    transfer_adjoint,
    normal_deviates,
    exponential_of,
    logarithm_of,
};

#undef NULLCLINE_INLINE

}  // namespace nullcline::NULLCLINE_TARGET
