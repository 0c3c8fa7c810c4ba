#pragma once

#include <string>
#include <vector>

#include "engine/networks/network.h"

namespace nullcline {

/// A way to hold back gradients that are longer than `norm` (Pascanu, Mikolov & Bengio 2013). What is not a
/// number stays visible: no way makes a gradient finite that was not.
struct ClipMode {
  std::string name;
  std::string help;
  void (*apply)(const ParameterLayout& layout, double norm, float* gradient);
};

/// All ways; the first is the default.
const std::vector<ClipMode>& clip_modes();

/// The way and the norm that a run was given.
struct Clipping {
  ClipMode mode;
  double norm = 0;
};

void clip(const Clipping& clipping, const ParameterLayout& layout, float* gradient);

/// Scales the gradient of each variable whose Euclidean norm is above `norm` down to it. Norms are summed in
/// float64.
void clip_per_variable(const ParameterLayout& layout, double norm, float* gradient);

/// Scales the whole gradient down to `norm` where its Euclidean norm is above that; its direction stays.
void clip_global(const ParameterLayout& layout, double norm, float* gradient);

/// Leaves the gradient as it is.
void clip_none(const ParameterLayout& layout, double norm, float* gradient);

}  // namespace nullcline
