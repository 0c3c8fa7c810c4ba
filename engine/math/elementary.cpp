#include "engine/math/elementary.h"

#include <cmath>
#include <limits>

namespace nullcline {

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
  if (x > 710) return std::numeric_limits<double>::infinity();
  if (x < -746) return 0;
  // x = n ln 2 + r, |r| ≤ 0.3466; ln 2 in two parts, of which the first times n is exact.
  const double n = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double series = 1;
  for (int term = 14; term >= 1; --term) series = 1 + series * r / term;
  return std::ldexp(series, static_cast<int>(n));
}

double cosine(double x) {
  // x = n π/2 + r, |r| ≤ 0.7854; π/2 in two parts, of which the first times n is exact.
  const double n = std::floor(x * 0.63661977236758134 + 0.5);
  const double r = (x - n * 1.57079632673412561417) - n * 6.07710050650619224932e-11;
  const auto quarter = static_cast<int>(n) & 3;
  const bool odd = (quarter & 1) != 0;
  // The series of the cosine, or of the sine divided by r.
  double series = 1;
  for (int term = odd ? 17 : 16; term >= 2; term -= 2) series = 1 - series * r * r / (term * (term - 1));
  const double value = odd ? r * series : series;
  return quarter == 1 || quarter == 2 ? -value : value;
}

}  // namespace nullcline
