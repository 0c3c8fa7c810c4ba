#pragma once

#include <nlohmann/json.hpp>

namespace nullcline {

/// JSON with the fields in the order in which they were written.
using Json = nlohmann::ordered_json;

}  // namespace nullcline
