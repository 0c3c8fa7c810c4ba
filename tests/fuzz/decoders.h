#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace nullcline::support {

/// A decoder of bytes that may come from anybody, and what it promises whatever they are: it takes them or
/// refuses them in a sentence, and a session that refuses them stays as it was.
struct Decoder {
  std::string name;
  /// Bytes that it takes, for mutations to begin with.
  std::vector<std::string> (*examples)();
  /// Bytes made to do harm, which mutations would hardly come upon.
  std::vector<std::string> (*harmful)();
  /// What it did that it must not; empty where there is nothing to complain of.
  std::string (*complaint)(const std::string& bytes);
};

/// What a test calls it.
inline std::ostream& operator<<(std::ostream& stream, const Decoder& decoder) {
  return stream << decoder.name;
}

/// Documents, single arrays, files of weights, of trials, of lesions, saved runs, and archives. In files of
/// arrays one array is replaced: the first byte says which, the rest is the .npy file in its place.
const std::vector<Decoder>& decoders();

}  // namespace nullcline::support
