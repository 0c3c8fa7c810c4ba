// A target of libFuzzer for the decoder that NULLCLINE_DECODER names.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/fuzz/decoders.h"

namespace {

const nullcline::support::Decoder& decoder() {
  for (const auto& candidate : nullcline::support::decoders())
    if (candidate.name == NULLCLINE_DECODER) return candidate;
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const nullcline::support::Decoder& tested = decoder();
  const std::string complaint = tested.complaint(std::string(reinterpret_cast<const char*>(data), size));
  if (complaint.empty()) return 0;
  std::cerr << complaint << std::endl;
  std::abort();
}
