// Compiled without vectorisation or contraction: see the build file and docs/numerics.md.
#include "engine/math/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline {

std::vector<std::complex<double>> eigenvalues(const float* matrix, int size) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::MatrixXd values = Eigen::Map<const RowMajor>(matrix, size, size).cast<double>();
  if (!values.allFinite()) return {};
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(values, /*computeEigenvectors=*/false);
  if (solver.info() != Eigen::Success) return {};
  return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

double spectral_radius(const float* matrix, int size) {
  const auto values = eigenvalues(matrix, size);
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  double largest = 0;
  for (const auto& value : values)
    largest = std::max(largest, value.real() * value.real() + value.imag() * value.imag());
  return std::sqrt(largest);
}

}  // namespace nullcline
