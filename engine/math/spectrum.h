#pragma once

#include <complex>
#include <vector>

namespace nullcline {

/// Eigenvalues of a size × size matrix (row-major), computed in float64 without vectorisation or contraction,
/// so that they are the same bits on every target. Empty when the iteration does not converge or an element
/// is not finite.
std::vector<std::complex<double>> eigenvalues(const float* matrix, int size);

/// The largest modulus of an eigenvalue; NaN when there are none.
double spectral_radius(const float* matrix, int size);

}  // namespace nullcline
