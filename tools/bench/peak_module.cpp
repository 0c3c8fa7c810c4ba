// The peak in a browser, as tools/bench/site/peak-worker.js asks for it. Both give 0 where this processor
// lacks the arithmetic.

#include "tools/bench/peak.h"

namespace {

using nullcline::Arithmetic;
using nullcline::Kernels;

const Kernels* kernels_for(bool fused) {
  return nullcline::find_kernels(fused ? Arithmetic::fused : Arithmetic::plain);
}

}  // namespace

extern "C" {

double registers(bool fused, double milliseconds) {
  const Kernels* kernels = kernels_for(fused);
  return kernels == nullptr ? 0 : nullcline::register_peak(*kernels, milliseconds);
}

double product(bool fused, double milliseconds) {
  const Kernels* kernels = kernels_for(fused);
  return kernels == nullptr ? 0 : nullcline::product_peak(*kernels, milliseconds);
}
}
