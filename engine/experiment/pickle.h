#pragma once

#include <optional>
#include <string_view>

#include "engine/experiment/npy.h"

namespace nullcline {

/// Reads the pickle of an object array without dimensions when its one value is None or a plain number
/// (protocols 0 to 5); nothing for any other pickle. A pickle is a program: this one follows only the
/// instructions that put values together, looks nothing up, and calls nothing.
std::optional<Array> read_plain_pickle(std::string_view bytes);

}  // namespace nullcline
