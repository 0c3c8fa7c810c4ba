// The peak in a browser, and the share of it that the products of training take, as
// tools/bench/site/peak-worker.js asks for them. All give 0 where this processor lacks the arithmetic.

#include "tools/bench/peak.h"
#include "tools/bench/products.h"

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

double products(bool fused, double milliseconds, int N_rec) {
  const Kernels* kernels = kernels_for(fused);
  return kernels == nullptr ? 0 : nullcline::products_rate(*kernels, N_rec, milliseconds);
}
}
