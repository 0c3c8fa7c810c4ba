#pragma once

#include "engine/experiment/array_file.h"
#include "engine/networks/network.h"

namespace nullcline {

/// The shape that a variable, or its gradient, has in files.
Shape file_shape(const Variable& variable);

/// The arrays of a weights file: every variable of the network, as the forward pass uses it, and PsychRNN's
/// masks and signs.
std::vector<NamedArray> weights_arrays(const Network& network, const FloatBuffer& effective);

/// How large a network's weights are, as its readout tells.
struct WeightSizes {
  int N_rec;
  int N_out;
};
WeightSizes weight_sizes(const ArrayFile& file);

struct GivenWeights {
  /// In the layout of the network's parameters, with the file's masks and signs applied (for effective
  /// weights that changes nothing).
  FloatBuffer values;
  /// What those were, in words; empty where there were none.
  std::string constraints;
};

/// Reads the weights of that network. Throws a Failure that names the key that is missing or does not fit.
GivenWeights read_weights(const ArrayFile& file, const Network& network);

}  // namespace nullcline
