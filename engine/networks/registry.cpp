#include "engine/networks/registry.h"

namespace nullcline {

const std::vector<NetworkType>& network_types() {
  static const std::vector<NetworkType> types = {
      basic(),
      lstm(),
  };
  return types;
}

const std::vector<InitializerType>& initializer_types() {
  static const std::vector<InitializerType> types = {
      gaussian_spectral_radius(),
      weight_initializer(),
      alpha_identity(),
  };
  return types;
}

}  // namespace nullcline
