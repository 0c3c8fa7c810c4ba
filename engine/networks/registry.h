#pragma once

#include "engine/networks/initializer.h"
#include "engine/networks/network.h"

namespace nullcline {

// One line a type; registry.cpp lists them.
NetworkType basic();
NetworkType lstm();

InitializerType gaussian_spectral_radius();
InitializerType weight_initializer();
InitializerType alpha_identity();

}  // namespace nullcline
