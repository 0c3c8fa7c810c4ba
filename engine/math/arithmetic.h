#pragma once

#include <string>

namespace nullcline {

/// How a product is added to a sum: rounded twice, or once (fused multiply-add).
/// Results of the two differ in the last bits; each gives the same bits on every machine.
enum class Arithmetic { plain, fused };

/// Raised whenever results change in any bit; saved runs carry it.
constexpr int numerics_version = 1;

inline std::string to_string(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::fused ? "fused" : "plain";
}

}  // namespace nullcline
