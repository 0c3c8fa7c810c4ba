#pragma once

#include <cstddef>

namespace nullcline::support {

/// How often this program has called an `operator new`, all of which allocation_counter.cpp replaces; under
/// the address sanitizer, how often it has asked for memory.
long allocations();

/// Watches how much more memory is in use than when it was made. One at a time.
class MemoryWatch {
 public:
  MemoryWatch();
  /// The most bytes so far.
  std::size_t most() const;
};

}  // namespace nullcline::support
