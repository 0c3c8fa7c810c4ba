#include "engine/training/clipping.h"

#include <cmath>

namespace nullcline {

namespace {

/// One norm over `size` values from the first to the last.
void shorten(float* values, std::size_t size, double norm) {
  double square = 0;
  for (std::size_t i = 0; i < size; ++i)
    square += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  const double length = std::sqrt(square);
  if (!(length > norm)) return;
  const auto factor = static_cast<float>(norm / length);
  for (std::size_t i = 0; i < size; ++i) values[i] *= factor;
}

}  // namespace

void clip_per_variable(const ParameterLayout& layout, double norm, float* gradient) {
  for (const Variable& variable : layout.variables())
    shorten(gradient + variable.offset, variable.size(), norm);
}

void clip_global(const ParameterLayout& layout, double norm, float* gradient) {
  shorten(gradient, layout.size(), norm);
}

void clip_none(const ParameterLayout& /*layout*/, double /*norm*/, float* /*gradient*/) {}

const std::vector<ClipMode>& clip_modes() {
  static const std::vector<ClipMode> modes = {
      {"per_variable", "each weight matrix and bias by its own norm, as PsychRNN does", clip_per_variable},
      {"global", "all of them by their common norm, which keeps the gradient's direction", clip_global},
      {"none", "not at all", clip_none},
  };
  return modes;
}

void clip(const Clipping& clipping, const ParameterLayout& layout, float* gradient) {
  clipping.mode.apply(layout, clipping.norm, gradient);
}

}  // namespace nullcline
