// The kernels, written once over the machine's registers. Compiled once for each instruction set and
// arithmetic: the including file defines NULLCLINE_TARGET (a namespace), NULLCLINE_FUSED (0 or 1) and
// NULLCLINE_INSTRUCTION_SET (a string). Everything lives in that namespace and nothing inline from the
// standard library is used, so that code compiled for one instruction set can never be linked in place of
// another's.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__AVX2__)
#include <immintrin.h>
#endif

#include "engine/math/kernels.h"

namespace nullcline::NULLCLINE_TARGET {

// One register of the machine: a panel of eight trials takes one of them or two.
#if defined(__AVX2__)
constexpr int register_width = 8;
#else
constexpr int register_width = 4;
#endif
constexpr int registers_per_panel = panel_width / register_width;

using Lanes = float __attribute__((vector_size(4 * register_width)));
using UnalignedLanes [[gnu::aligned(4)]] = Lanes;
static_assert(alignof(UnalignedLanes) == 4);  // clang forgets it where it stands behind the type
using IntegerLanes = std::int32_t __attribute__((vector_size(4 * register_width)));
using FourLanes = float __attribute__((vector_size(16)));

// Sums that fit into the sixteen registers of the machine beside what is added to them. Without a fused
// instruction a product needs a register too; V8 keeps one for itself and would spill a sum to memory, which
// halves the speed. AVX-512 has thirty-two registers, but GCC unrolls loops over sixteen rows at most, and in
// a loop the sums are in memory.
#if defined(__AVX512F__)
constexpr int accumulators = 16;
#elif defined(__wasm__) && !NULLCLINE_FUSED
constexpr int accumulators = 10;
#else
constexpr int accumulators = 12;
#endif

#define NULLCLINE_INLINE inline __attribute__((always_inline))

NULLCLINE_INLINE Lanes load(const float* data) { return *reinterpret_cast<const UnalignedLanes*>(data); }

NULLCLINE_INLINE void store(float* data, Lanes lanes) { *reinterpret_cast<UnalignedLanes*>(data) = lanes; }

NULLCLINE_INLINE Lanes splat(float value) {
#if defined(__AVX2__)
  return Lanes{value, value, value, value, value, value, value, value};
#else
  return Lanes{value, value, value, value};
#endif
}

/// A weight for all lanes. The load and the splat are one instruction: half as fast when they are two in
/// WebAssembly.
NULLCLINE_INLINE Lanes broadcast(const float* weight) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<Lanes>(wasm_v128_load32_splat(weight));
#else
  return splat(*weight);
#endif
}

/// a · b + c in this build's arithmetic.
NULLCLINE_INLINE Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
#if !NULLCLINE_FUSED
  return a * b + c;
#elif defined(__wasm_relaxed_simd__)
  return reinterpret_cast<Lanes>(wasm_f32x4_relaxed_madd(
      reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(c)));
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#else
  Lanes result = c;
  for (int lane = 0; lane < register_width; ++lane) result[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
  return result;
#endif
}

NULLCLINE_INLINE Lanes square_root(Lanes x) {
#if defined(__AVX2__)
  return _mm256_sqrt_ps(x);
#elif defined(__wasm_simd128__)
  return reinterpret_cast<Lanes>(wasm_f32x4_sqrt(reinterpret_cast<v128_t>(x)));
#else
  Lanes result = x;
  for (int lane = 0; lane < register_width; ++lane) result[lane] = __builtin_sqrtf(x[lane]);
  return result;
#endif
}

NULLCLINE_INLINE IntegerLanes bits(Lanes x) { return reinterpret_cast<IntegerLanes>(x); }
NULLCLINE_INLINE Lanes from_bits(IntegerLanes x) { return reinterpret_cast<Lanes>(x); }
NULLCLINE_INLINE Lanes absolute(Lanes x) { return from_bits(bits(x) & 0x7fffffff); }
NULLCLINE_INLINE Lanes copy_sign(Lanes magnitude, Lanes sign) {
  return from_bits(bits(magnitude) | (bits(sign) & static_cast<std::int32_t>(0x80000000)));
}

/// c[0] + c[1] x + c[2] x² + …
template <int terms>
NULLCLINE_INLINE Lanes polynomial(Lanes x, const float (&coefficients)[terms]) {
  Lanes sum = splat(coefficients[terms - 1]);
  for (int i = terms - 2; i >= 0; --i) sum = multiply_add(sum, x, splat(coefficients[i]));
  return sum;
}

/// Adding it rounds to a whole number, which then stands in the lowest bits of the sum.
constexpr float rounder = 12582912.0f;  // 1.5 · 2²³

/// 2^power · e^r for |r| ≤ ½ ln 2, of a whole power that `rounder` has been added to; a NaN in r stays one.
/// The factor 2^power is made of its bits and exact for powers from −126 to 127, as is the product with it.
NULLCLINE_INLINE Lanes scaled_exponential(Lanes power_and_rounder, Lanes r) {
  constexpr float coefficients[] = {0.5f, 0.16666512191295624f, 0.0416661873459816f, 0.008369598537683487f,
                                    0.0013951717410236597f};
  constexpr std::int32_t bits_of_one = 0x3f800000;
  const Lanes value = multiply_add(r * r, polynomial(r, coefficients), r) + 1.0f;
  return value * from_bits((bits(power_and_rounder) << 23) + bits_of_one);
}

/// x / ln 2, rounded to a whole number, and `rounder`.
NULLCLINE_INLINE Lanes power_of_two_and_rounder(Lanes x) {
  return multiply_add(x, splat(1.44269504f), splat(rounder));
}

/// eˣ to 1e-7 relative; arguments are held to ±87, whose results are normal numbers; a NaN stays one.
NULLCLINE_INLINE Lanes exponential(Lanes x) {
  const Lanes low = splat(-87.0f), high = splat(87.0f);
  const Lanes held = x < low ? low : (x > high ? high : x);
  const Lanes power_and_rounder = power_of_two_and_rounder(held);
  const Lanes power = power_and_rounder - rounder;
  const Lanes r =
      multiply_add(power, splat(-1.42860677e-6f), multiply_add(power, splat(-0.693145752f), held));
  return scaled_exponential(power_and_rounder, r);
}

/// e^(more − x²/2) to 5e-7 relative for |x| ≤ 14 and −2 ≤ more ≤ 1, and 0 where the exponent is below −87: x²
/// would lose too many digits to rounding, so it is split into an exact part and a small rest.
NULLCLINE_INLINE Lanes gaussian(Lanes x, Lanes more) {
  const Lanes head =
      from_bits(bits(x) & static_cast<std::int32_t>(0xfffff000));  // 12 bits: its square is exact
  const Lanes exact = -0.5f * (head * head);
  const Lanes rest = -0.5f * ((x - head) * (x + head)) + more;
  const Lanes sum = exact + rest;
  const Lanes power_and_rounder = power_of_two_and_rounder(sum);
  const Lanes power = power_and_rounder - rounder;
  const Lanes r =
      multiply_add(power, splat(-1.42860677e-6f), multiply_add(power, splat(-0.693145752f), exact) + rest);
  return sum < -87.0f ? splat(0.0f) : scaled_exponential(power_and_rounder, r);
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

/// 1 / (1 + e⁻ˣ) to 3e-7 relative.
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

/// ln(1 + e^{βx}) / β to 1e-6 relative, without overflow where βx is a number.
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

/// What the products hold in one register: a part of a panel, or all of it.
struct PanelPart {
  using Register = Lanes;
  static constexpr int width = register_width;

  static NULLCLINE_INLINE std::ptrdiff_t place(std::ptrdiff_t stride, int number) {
    return number / registers_per_panel * stride + number % registers_per_panel * register_width;
  }
  /// Of panels that stand `stride` apart, the register of that number.
  static NULLCLINE_INLINE Register load_trials(const float* panels, std::ptrdiff_t stride, int number) {
    return load(panels + place(stride, number));
  }
  static NULLCLINE_INLINE void store_trials(float* panels, std::ptrdiff_t stride, int number, Register x) {
    store(panels + place(stride, number), x);
  }
  static NULLCLINE_INLINE Register splat_weight(const float* weight) { return broadcast(weight); }
  /// A row for all columns of a register, and as many columns as it holds.
  static NULLCLINE_INLINE Register load_row(const float* row) { return load(row); }
  static NULLCLINE_INLINE Register load_columns(const float* columns) { return load(columns); }
};

#if defined(__AVX512F__)
using WideLanes = float __attribute__((vector_size(64)));

NULLCLINE_INLINE WideLanes multiply_add(WideLanes a, WideLanes b, WideLanes c) {
#if NULLCLINE_FUSED
  return _mm512_fmadd_ps(a, b, c);
#else
  return a * b + c;
#endif
}

/// Two panels in one register, or two columns of one panel.
struct TwoPanels {
  using Register = WideLanes;
  static constexpr int width = 2 * panel_width;

  static NULLCLINE_INLINE Register load_trials(const float* panels, std::ptrdiff_t stride, int number) {
    const float* first = panels + 2 * number * stride;
    return _mm512_insertf32x8(_mm512_castps256_ps512(load(first)), load(first + stride), 1);
  }
  static NULLCLINE_INLINE void store_trials(float* panels, std::ptrdiff_t stride, int number, Register x) {
    float* first = panels + 2 * number * stride;
    store(first, _mm512_extractf32x8_ps(x, 0));
    store(first + stride, _mm512_extractf32x8_ps(x, 1));
  }
  static NULLCLINE_INLINE Register splat_weight(const float* weight) { return _mm512_set1_ps(*weight); }
  static NULLCLINE_INLINE Register load_row(const float* row) {
    // For all lanes; of the intrinsic without a mask GCC 12 warns in its own header.
    return _mm512_maskz_broadcast_f32x8(0xffff, load(row));
  }
  static NULLCLINE_INLINE Register load_columns(const float* columns) { return _mm512_loadu_ps(columns); }
};

/// The widest for so many panels or columns.
template <int count>
using Widest = std::conditional_t<count % 2 == 0, TwoPanels, PanelPart>;
#else
template <int count>
using Widest = PanelPart;
#endif

/// One tile of rows for several panels, begun with the tile's `initial` values or, without those, with what
/// is in `out`. noinline: V8 optimises a function after calls to it, not within one endless loop. Strides are
/// numbers of their own because a PanelsIn would be read from memory (see there).
template <int rows, int panels>
__attribute__((noinline)) void multiply_tile(const float* weights, int columns, const float* in,
                                             std::ptrdiff_t in_stride, const float* initial, float* out,
                                             std::ptrdiff_t out_stride) {
  using Trials = Widest<panels>;
  constexpr int registers = panels * panel_width / Trials::width;
  typename Trials::Register sum[registers][rows];
  for (int v = 0; v < registers; ++v)
    for (int r = 0; r < rows; ++r)
      sum[v][r] = initial == nullptr ? Trials::load_trials(out + r * panel_width, out_stride, v)
                                     : Trials::splat_weight(initial + r);
  for (int j = 0; j < columns; ++j) {
    typename Trials::Register value[registers];
    for (int v = 0; v < registers; ++v) value[v] = Trials::load_trials(in, in_stride, v);
    for (int r = 0; r < rows; ++r) {
      const typename Trials::Register weight = Trials::splat_weight(weights + r);
      for (int v = 0; v < registers; ++v) sum[v][r] = multiply_add(weight, value[v], sum[v][r]);
    }
    in += panel_width;
    weights += rows;
  }
  for (int v = 0; v < registers; ++v)
    for (int r = 0; r < rows; ++r) Trials::store_trials(out + r * panel_width, out_stride, v, sum[v][r]);
}

template <int rows, int at_once>
NULLCLINE_INLINE void multiply_tile_for_panels(const float* weights, int columns, PanelsIn in,
                                               const float* initial, PanelsOut out, int panels) {
  for (; panels >= at_once; panels -= at_once) {
    multiply_tile<rows, at_once>(weights, columns, in.data, in.stride, initial, out.data, out.stride);
    in.data += at_once * in.stride;
    out.data += at_once * out.stride;
  }
  if constexpr (at_once > 1)
    if (panels > 0) multiply_tile_for_panels<rows, at_once / 2>(weights, columns, in, initial, out, panels);
}

/// Whether a register holds two panels, which is what a slice has.
constexpr bool is_wide = Widest<2>::width > panel_width;

/// Beside two registers of trials, or a wide one.
constexpr int most_rows = is_wide ? accumulators : accumulators / 2;

/// As many panels as there are registers for; four at most, eight where a register holds two.
constexpr int panels_at_once(int rows) {
  constexpr int most = is_wide ? 8 : 4;
  int panels = 1;
  while (panels < most && 2 * panels * panel_width * rows <= accumulators * Widest<2>::width) panels *= 2;
  return panels;
}

/// Calls the code for a tile of so many rows.
template <int rows = most_rows>
NULLCLINE_INLINE void multiply_tile_of(int height, const float* weights, int columns, const PanelsIn& in,
                                       const float* initial, const PanelsOut& out, int panels) {
  if (height == rows)
    multiply_tile_for_panels<rows, panels_at_once(rows)>(weights, columns, in, initial, out, panels);
  else if constexpr (rows > 1)
    multiply_tile_of<rows - 1>(height, weights, columns, in, initial, out, panels);
}

void multiply_from(const float* tiles, int rows, int columns, const PanelsIn& in, const float* initial,
                   const PanelsOut& out, int panels) {
  const int count = tiles_of(rows, most_rows);
  for (int tile = 0; tile < count; ++tile) {
    const int first = first_row_of(tile, rows, count);
    multiply_tile_of(first_row_of(tile + 1, rows, count) - first,
                     tiles + static_cast<std::ptrdiff_t>(first) * columns, columns, in,
                     initial == nullptr ? nullptr : initial + first,
                     {out.data + first * panel_width, out.stride}, panels);
  }
}

void multiply_add_tiles(const float* tiles, int rows, int columns, const PanelsIn& in, const PanelsOut& out,
                        int panels) {
  multiply_from(tiles, rows, columns, in, nullptr, out, panels);
}

/// The first step of the contract's tree ((0+4)+(2+6))+((1+5)+(3+7)) over the first and the last register of
/// a panel, which may be one.
NULLCLINE_INLINE FourLanes fold(Lanes first, [[maybe_unused]] Lanes last) {
#if defined(__AVX2__)
  return _mm256_castps256_ps128(first) + _mm256_extractf128_ps(first, 1);
#else
  return first + last;
#endif
}

/// The rest of the tree, for four sums at once.
NULLCLINE_INLINE FourLanes sum_folded(FourLanes a, FourLanes b, FourLanes c, FourLanes d) {
  const FourLanes ab = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
  const FourLanes cd = __builtin_shufflevector(c, d, 0, 1, 4, 5) + __builtin_shufflevector(c, d, 2, 3, 6, 7);
  return __builtin_shufflevector(ab, cd, 0, 2, 4, 6) + __builtin_shufflevector(ab, cd, 1, 3, 5, 7);
}

/// sum[r][c] += left[r] · right[c], in one register of lanes. The fewer of both are held in registers.
template <class Columns, int rows, int registers>
NULLCLINE_INLINE void add_outer(const float* left, const float* right,
                                typename Columns::Register (&sum)[rows][registers]) {
  constexpr int panels_per_register = (Columns::width + panel_width - 1) / panel_width;
  const auto columns_at = [right](int c) {
    return Columns::load_columns(right + c * panels_per_register * panel_width);
  };
  if constexpr (rows < registers) {
    typename Columns::Register factor[rows];
    for (int r = 0; r < rows; ++r) factor[r] = Columns::load_row(left + r * panel_width);
    for (int c = 0; c < registers; ++c) {
      const typename Columns::Register value = columns_at(c);
      for (int r = 0; r < rows; ++r) sum[r][c] = multiply_add(factor[r], value, sum[r][c]);
    }
  } else {
    typename Columns::Register value[registers];
    for (int c = 0; c < registers; ++c) value[c] = columns_at(c);
    for (int r = 0; r < rows; ++r) {
      const typename Columns::Register factor = Columns::load_row(left + r * panel_width);
      for (int c = 0; c < registers; ++c) sum[r][c] = multiply_add(factor, value[c], sum[r][c]);
    }
  }
}

/// Two neighbours of a row of the gradient, moved as one number of eight bytes.
NULLCLINE_INLINE double load_pair(const float* data) {
  double pair = 0;
  __builtin_memcpy(&pair, data, sizeof pair);
  return pair;
}

/// gradient[r][c] += total[r · columns + c], for rows that stand `stride` apart.
template <int rows, int columns>
NULLCLINE_INLINE void add_tile(const FourLanes* total, float* gradient, std::ptrdiff_t stride) {
  using Pairs = double __attribute__((vector_size(16)));
  using UnalignedFour [[gnu::aligned(4)]] = FourLanes;
  if constexpr (columns == 2) {
    for (int r = 0; r < rows; r += 2) {
      float* upper = gradient + r * stride;
      float* lower = r + 1 < rows ? upper + stride : upper;
      const auto sum = reinterpret_cast<Pairs>(
          reinterpret_cast<FourLanes>(Pairs{load_pair(upper), load_pair(lower)}) + total[r / 2]);
      const double first = sum[0], second = sum[1];
      __builtin_memcpy(upper, &first, sizeof first);
      if (r + 1 < rows) __builtin_memcpy(lower, &second, sizeof second);
    }
  } else if constexpr (columns % 4 == 0) {
    for (int i = 0; i < rows * columns; i += 4)
      *reinterpret_cast<UnalignedFour*>(gradient + i / columns * stride + i % columns) += total[i / 4];
  } else {
    for (int i = 0; i < rows * columns; ++i)
      gradient[i / columns * stride + i % columns] += total[i / 4][i % 4];
  }
}

/// Σ over steps of left · right for a tile of rows and columns, in one register of lanes. noinline: V8 would
/// spill the sums if the function used them for more.
template <int rows, int columns>
__attribute__((noinline)) void outer_lanes(const float* left, std::ptrdiff_t left_stride, const float* right,
                                           std::ptrdiff_t right_stride, int steps, Lanes* result) {
  using Columns = Widest<columns>;
  using Register = typename Columns::Register;
  constexpr int registers = static_cast<int>(columns * sizeof(Lanes) / sizeof(Register));
  Register sum[rows][registers];
  for (auto& row : sum)
    for (Register& one : row) one = Register{};
  for (; steps > 0; --steps) {
    add_outer<Columns>(left, right, sum);
    left += left_stride;
    right += right_stride;
  }
  // One by one: of all of them at once GCC makes a copy in memory first.
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < registers; ++c)
      __builtin_memcpy(result + r * columns + c * (columns / registers), &sum[r][c], sizeof(Register));
}

/// Adds a tile of the gradient.
template <int rows, int columns>
NULLCLINE_INLINE void outer_tile(const PanelsIn& left, const PanelsIn& right, int steps, float* gradient,
                                 std::ptrdiff_t gradient_stride) {
  constexpr int size = rows * columns, padded = (size + 3) / 4 * 4;
  Lanes sums[registers_per_panel][size];
  for (int part = 0; part < registers_per_panel; ++part)
    outer_lanes<rows, columns>(left.data + part * register_width, left.stride,
                               right.data + part * register_width, right.stride, steps, sums[part]);
  FourLanes folded[padded] = {};
  for (int i = 0; i < size; ++i) folded[i] = fold(sums[0][i], sums[registers_per_panel - 1][i]);
  FourLanes total[padded / 4];
  for (int i = 0; i < padded; i += 4)
    total[i / 4] = sum_folded(folded[i], folded[i + 1], folded[i + 2], folded[i + 3]);
  add_tile<rows, columns>(total, gradient, gradient_stride);
}

/// Tiles along all columns, of as many as are given, then of half as many.
template <int rows, int at_once>
NULLCLINE_INLINE void outer_along(const PanelsIn& left, PanelsIn right, int columns, int steps,
                                  float* gradient, std::ptrdiff_t gradient_stride) {
  for (; columns >= at_once; columns -= at_once) {
    outer_tile<rows, at_once>(left, right, steps, gradient, gradient_stride);
    right.data += at_once * panel_width;
    gradient += at_once;
  }
  if constexpr (at_once > 1)
    outer_along<rows, at_once / 2>(left, right, columns, steps, gradient, gradient_stride);
}

#if defined(__AVX512F__)
// Twenty-four sums beside four registers of columns and one of a row.
constexpr int outer_rows = 6;
constexpr int outer_columns(int) { return 8; }
#else
constexpr int outer_rows = accumulators == 12 ? 6 : 4;
/// Tiles of one or two rows take more columns: a sum waits for the one before it.
constexpr int outer_columns(int rows) { return rows <= 2 ? outer_rows : 2; }
#endif

/// Calls the code for a tile of so many rows, along all columns: the rows stay in the first cache meanwhile.
template <int rows = outer_rows>
void outer_rows_of(int height, const PanelsIn& left, const PanelsIn& right, int columns, int steps,
                   float* gradient) {
  if (height != rows) {
    if constexpr (rows > 1) outer_rows_of<rows - 1>(height, left, right, columns, steps, gradient);
    return;
  }
  outer_along<rows, outer_columns(rows)>(left, right, columns, steps, gradient, columns);
}

void accumulate_outer(const PanelsIn& left, int rows, const PanelsIn& right, int columns, int steps,
                      float* gradient) {
  const int count = tiles_of(rows, outer_rows);
  for (int tile = 0; tile < count; ++tile) {
    const int first = first_row_of(tile, rows, count);
    outer_rows_of(first_row_of(tile + 1, rows, count) - first, {left.data + first * panel_width, left.stride},
                  right, columns, steps, gradient + static_cast<std::ptrdiff_t>(first) * columns);
  }
}

/// As products with 1, which change no bit: several rows at a time, whose sums do not wait for one another.
void accumulate_sum(const PanelsIn& left, int rows, int steps, float* gradient) {
  constexpr float ones[panel_width] = {1, 1, 1, 1, 1, 1, 1, 1};
  accumulate_outer(left, rows, {ones, 0}, 1, steps, gradient);
}

// ---------------------------------------------------------------------------------------------------------------------
// Element by element

/// result[i] = function(values[i])
template <class Function>
NULLCLINE_INLINE void map(const float* values, float* result, std::size_t size, Function function) {
  for (std::size_t i = 0; i < size; i += register_width) store(result + i, function(load(values + i)));
}

/// gradient[i] *= derivative(state[i], rate[i])
template <class Derivative>
NULLCLINE_INLINE void scale(const float* state, const float* rate, float* gradient, std::size_t size,
                            Derivative derivative) {
  for (std::size_t i = 0; i < size; i += register_width)
    store(gradient + i, load(gradient + i) * derivative(load(state + i), load(rate + i)));
}

/// Calls `action` with the transfer function and its derivative, of a state and its rate.
template <class Action>
NULLCLINE_INLINE void with_transfer_function(TransferFunction function, Action action) {
  const float parameter = function.parameter;
  switch (function.type) {
    // A NaN state must stay visible, and −0 stays −0. With "<=" it would not, but compilers make
    // WebAssembly's pmax of that too, which keeps −0, so that targets would differ.
    case TransferFunction::relu:
      return action([](Lanes s) { return s < 0.0f ? splat(0.0f) : s; },
                    [](Lanes s, Lanes) { return s > 0.0f ? splat(1.0f) : splat(0.0f); });
    case TransferFunction::tanh:
      return action([](Lanes s) { return hyperbolic_tangent(s); },
                    [](Lanes, Lanes r) { return 1.0f - r * r; });
    case TransferFunction::sigmoid:
      return action([](Lanes s) { return sigmoid(s); }, [](Lanes, Lanes r) { return r * (1.0f - r); });
    case TransferFunction::identity:
      return action([](Lanes s) { return s; }, [](Lanes, Lanes) { return splat(1.0f); });
    case TransferFunction::softplus:
      return action([=](Lanes s) { return softplus(s, parameter); },
                    [=](Lanes s, Lanes) { return sigmoid(parameter * s); });
    case TransferFunction::leaky_relu:
      return action([=](Lanes s) { return s < 0.0f ? parameter * s : s; },
                    [=](Lanes s, Lanes) { return s > 0.0f ? splat(1.0f) : splat(parameter); });
    case TransferFunction::gelu:
      return action([](Lanes s) { return s * normal_distribution(s); },
                    [](Lanes s, Lanes) { return gelu_derivative(s); });
  }
}

void transfer(TransferFunction function, const float* state, float* rate, std::size_t size) {
  with_transfer_function(function, [=](auto f, auto) { map(state, rate, size, f); });
}

void transfer_adjoint(TransferFunction function, const float* state, const float* rate, float* gradient,
                      std::size_t size) {
  with_transfer_function(function,
                         [=](auto, auto derivative) { scale(state, rate, gradient, size, derivative); });
}

// NOLINTNEXTLINE(readability-function-size): arrays that one pass reads and writes
void leaky_step(TransferFunction function, const float* previous, const float* drive, const float* alpha,
                const float* noise, const float* noise_scale, float* state, float* rate, int rows) {
  with_transfer_function(function, [=](auto f, auto) {
    for (int row = 0; row < rows; ++row) {
      const Lanes take = broadcast(alpha + row), keep = 1.0f - take;
      const Lanes deviation = noise == nullptr ? splat(0) : broadcast(noise_scale + row);
      for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(row) * panel_width; i < (row + 1) * panel_width;
           i += register_width) {
        Lanes next = keep * load(previous + i) + take * load(drive + i);
        if (noise != nullptr) next += deviation * load(noise + i);
        store(state + i, next);
        store(rate + i, f(next));
      }
    }
  });
}

void leaky_adjoint(TransferFunction function, const float* state, const float* rate,
                   const float* rate_gradient, const float* alpha, float* state_gradient,
                   float* drive_gradient, int rows) {
  with_transfer_function(function, [=](auto, auto derivative) {
    for (int row = 0; row < rows; ++row) {
      const Lanes take = broadcast(alpha + row), keep = 1.0f - take;
      for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(row) * panel_width; i < (row + 1) * panel_width;
           i += register_width) {
        const Lanes through_rate = load(rate_gradient + i) * derivative(load(state + i), load(rate + i));
        const Lanes gradient = through_rate + keep * load(state_gradient + i);
        store(state_gradient + i, gradient);
        store(drive_gradient + i, take * gradient);
      }
    }
  });
}

void gated_step(TransferFunction squash, const Gates<const float>& drive, const float* before,
                const Gates<float>& gates, float* cell, float* squashed, float* hidden, std::size_t size) {
  with_transfer_function(squash, [&](auto squashing, auto) {
    for (std::size_t i = 0; i < size; i += register_width) {
      const Lanes f = sigmoid(load(drive.forget + i)), in = sigmoid(load(drive.input + i)),
                  c = hyperbolic_tangent(load(drive.candidate + i)), o = sigmoid(load(drive.output + i));
      const Lanes now = f * load(before + i) + in * c;
      const Lanes seen = squashing(now);
      store(gates.forget + i, f);
      store(gates.input + i, in);
      store(gates.candidate + i, c);
      store(gates.output + i, o);
      store(cell + i, now);
      store(squashed + i, seen);
      store(hidden + i, o * seen);
    }
  });
}

// NOLINTNEXTLINE(readability-function-size): arrays that one pass reads and writes
void gated_adjoint(TransferFunction squash, const Gates<const float>& gates, const float* before,
                   const float* cell, const float* squashed, const float* hidden_gradient,
                   float* cell_gradient, const Gates<float>& drive_gradient, std::size_t size) {
  const auto of_sigmoid = [](Lanes rate) { return rate * (1.0f - rate); };
  with_transfer_function(squash, [&](auto, auto derivative) {
    for (std::size_t i = 0; i < size; i += register_width) {
      const Lanes f = load(gates.forget + i), in = load(gates.input + i), c = load(gates.candidate + i),
                  o = load(gates.output + i), seen = load(squashed + i), after = load(hidden_gradient + i);
      const Lanes through_hidden = after * o * derivative(load(cell + i), seen);
      const Lanes gradient = load(cell_gradient + i) + through_hidden;
      store(drive_gradient.forget + i, gradient * load(before + i) * of_sigmoid(f));
      store(drive_gradient.input + i, gradient * c * of_sigmoid(in));
      store(drive_gradient.candidate + i, gradient * in * (1.0f - c * c));
      store(drive_gradient.output + i, after * seen * of_sigmoid(o));
      store(cell_gradient + i, gradient * f);
    }
  });
}

NULLCLINE_INLINE IntegerLanes upper_24_bits(const std::uint32_t* words) {
  using Words = std::uint32_t __attribute__((vector_size(4 * register_width)));
  using UnalignedWords = std::uint32_t __attribute__((vector_size(4 * register_width), aligned(4)));
  const Words bits = *reinterpret_cast<const UnalignedWords*>(words);
  return reinterpret_cast<IntegerLanes>(bits >> 8);
}

void normal_deviates(const std::uint32_t* first, const std::uint32_t* second, float* cosine, float* sine,
                     std::size_t size) {
  // sin 2πt and cos 2πt for |t| ≤ 1/8
  constexpr float sine_terms[] = {6.2831854820251465f, -41.3416633605957f, 81.5925521850586f,
                                  -75.40206909179688f};
  constexpr float cosine_terms[] = {1.0f, -19.739208221435547f, 64.93931579589844f, -85.44285583496094f,
                                    59.22040557861328f};
  for (std::size_t i = 0; i < size; i += register_width) {
    // 24 bits each: uniform in (0, 1] and in [0, 1), both exact.
    const IntegerLanes a = upper_24_bits(first + i), b = upper_24_bits(second + i);
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

// A constant, so that no code of this instruction set runs where it is not chosen.
extern const Kernels kernels;
constexpr Kernels kernels = {
    NULLCLINE_FUSED ? Arithmetic::fused : Arithmetic::plain,
    NULLCLINE_INSTRUCTION_SET,
    most_rows,
    multiply_from,
    multiply_add_tiles,
    accumulate_outer,
    accumulate_sum,
    leaky_step,
    leaky_adjoint,
    gated_step,
    gated_adjoint,
    transfer,
    transfer_adjoint,
    normal_deviates,
    exponential_of,
    logarithm_of,
};

#undef NULLCLINE_INLINE

}  // namespace nullcline::NULLCLINE_TARGET
