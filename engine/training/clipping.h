#pragma once

#include "engine/networks/network.h"

namespace nullcline {

/// Scales the gradient of each variable whose Euclidean norm is above `norm` down to it. Norms are summed in
/// float64.
void clip_per_variable(const ParameterLayout& layout, double norm, float* gradient);

}  // namespace nullcline
