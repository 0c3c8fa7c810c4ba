#pragma once

#include <vector>

#include "engine/experiment/schema.h"
#include "engine/math/kernels.h"

namespace nullcline {

/// The fields `transfer_function` (`first` is the default), `negative_slope` and `beta` of a network.
std::vector<Field> transfer_function_fields(TransferFunction::Type first);

/// The transfer function that those fields of a network's resolved part of the document mean.
TransferFunction transfer_function_of(const Json& network);

}  // namespace nullcline
