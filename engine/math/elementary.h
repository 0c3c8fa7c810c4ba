#pragma once

namespace nullcline {

/// ln x in float64 for finite x > 0, to about 1e-15 relative. Own code: the C library's differs between
/// targets.
double natural_logarithm(double x);

/// eˣ in float64, to about 1e-15 relative; 0 and infinity where it is beyond float64. Own code too.
double natural_exponential(double x);

/// cos x in float64 for |x| ≤ 1e5, to about 1e-15 absolute. Own code too.
double cosine(double x);

}  // namespace nullcline
