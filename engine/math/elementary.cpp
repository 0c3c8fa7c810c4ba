#include "engine/math/elementary.h"

#include <cmath>

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

}  // namespace nullcline
