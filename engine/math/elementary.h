#pragma once

namespace nullcline {

/// ln x in float64 for finite x > 0, to about 1e-15 relative. Own code: the C library's differs between
/// targets.
double natural_logarithm(double x);

/// eˣ in float64 to about 1e-15 relative, from 0 to infinity; NaN stays NaN. Own code for the same reason.
double natural_exponential(double x);

/// sin x and cos x in float64 for |x| ≤ 1e5, to about 1e-15 relative; NaN beyond.
double sine(double x);
double cosine(double x);

}  // namespace nullcline
