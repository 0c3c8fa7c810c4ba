#include "engine/training/clipping.h"

#include <cmath>

namespace nullcline {

void clip_per_variable(const ParameterLayout& layout, double norm, float* gradient) {
  for (const Variable& variable : layout.variables()) {
    float* values = gradient + variable.offset;
    double square = 0;
    for (std::size_t i = 0; i < variable.size(); ++i)
      square += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    const double length = std::sqrt(square);
    if (!(length > norm)) continue;
    const auto factor = static_cast<float>(norm / length);
    for (std::size_t i = 0; i < variable.size(); ++i) values[i] *= factor;
  }
}

}  // namespace nullcline
