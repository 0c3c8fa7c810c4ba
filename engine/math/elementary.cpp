#include "engine/math/elementary.h"

#include <array>
#include <cmath>
#include <limits>

namespace nullcline {

namespace {

/// 1/n!, the coefficients of the series of eˣ, sin x and cos x.
constexpr auto inverse_factorials = [] {
  std::array<double, 19> values{};
  double factorial = 1;
  for (std::size_t n = 0; n < values.size(); ++n) {
    factorial *= n == 0 ? 1 : static_cast<double>(n);
    values[n] = 1 / factorial;
  }
  return values;
}();

/// −r²/(first + 2)! + r⁴/(first + 4)! − … up to the term with `last`!.
double alternating_series(double r, std::size_t first, std::size_t last) {
  const double square = -r * r;
  double series = 0;
  for (std::size_t n = last; n > first; n -= 2) series = (series + inverse_factorials[n]) * square;
  return series;
}

// For |r| ≤ π/4: the first term is exact, and the others are small beside it.
double sine_of_octant(double r) { return r + r * alternating_series(r, 1, 17); }
double cosine_of_octant(double r) { return 1 + alternating_series(r, 0, 18); }

/// x = quarters · π/2 + rest with |rest| ≤ π/4.
struct Reduced {
  unsigned quarters;  // modulo 4
  double rest;
};

Reduced reduce(double x) {
  constexpr double farthest = 1e5;
  if (!(std::abs(x) <= farthest)) return {0, std::numeric_limits<double>::quiet_NaN()};
  // π/2 in three parts, the first two of 33 bits, so that their products with up to 2²⁰ are exact (Cody &
  // Waite 1980).
  constexpr double first = 0x1.921fb544p+0, second = 0x1.0b4611a6p-34, third = 0x1.3198a2e037073p-69;
  const double quarters = std::floor(x * 0.63661977236758134 + 0.5);
  const double rest = ((x - quarters * first) - quarters * second) - quarters * third;
  return {static_cast<unsigned>(static_cast<int>(quarters)) % 4, rest};
}

}  // namespace

double natural_logarithm(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact; in [½, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh z with z = (m − 1)/(m + 1), |z| ≤ 0.1716: twelve terms of its series are enough.
  const double z = (mantissa - 1) / (mantissa + 1);
  const double square = z * z;
  double series = 0;
  for (int power = 23; power >= 1; power -= 2) series = series * square + 1.0 / power;
  return exponent * 0.69314718055994531 + 2 * z * series;
}

double natural_exponential(double x) {
  constexpr double overflow = 709.79, underflow = -745.14;
  if (std::isnan(x)) return x;
  if (x > overflow) return std::numeric_limits<double>::infinity();
  if (x < underflow) return 0;
  // eˣ = 2ᵏ eʳ with |r| ≤ ½ ln 2; the first part of ln 2 has 32 bits, so its product with k is exact.
  constexpr double first = 0x1.62e42feep-1, second = 0x1.a39ef35793c76p-33;
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * first) - k * second;
  double series = 0;
  for (std::size_t n = 13; n > 1; --n) series = (series + inverse_factorials[n]) * r;
  return std::ldexp(1 + (r + r * series), static_cast<int>(k));
}

double sine(double x) {
  const auto [quarters, rest] = reduce(x);
  const double value = quarters % 2 == 0 ? sine_of_octant(rest) : cosine_of_octant(rest);
  return quarters < 2 ? value : -value;
}

double cosine(double x) {
  const auto [quarters, rest] = reduce(x);
  const double value = quarters % 2 == 0 ? cosine_of_octant(rest) : sine_of_octant(rest);
  return quarters == 0 || quarters == 3 ? value : -value;
}

}  // namespace nullcline
