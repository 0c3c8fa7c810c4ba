#pragma once

namespace nullcline {

/// ln x in float64 for finite x > 0, to about 1e-15 relative. Own code: the C library's differs between
/// targets.
double natural_logarithm(double x);

}  // namespace nullcline
