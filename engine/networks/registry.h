#pragma once

#include "engine/networks/initializer.h"
#include "engine/networks/network.h"

namespace nullcline {

// One line a type; registry.cpp lists them.
NetworkType basic();

InitializerType gaussian_spectral_radius();

}  // namespace nullcline
