#pragma once

namespace nullcline::support {

/// How often this program has called an `operator new`, all of which allocation_counter.cpp replaces.
long allocations();

}  // namespace nullcline::support
