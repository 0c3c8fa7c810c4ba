#include "engine/networks/registry.h"

namespace nullcline {

const std::vector<NetworkType>& network_types() {
  static const std::vector<NetworkType> types = {
      basic(),
  };
  return types;
}

const std::vector<InitializerType>& initializer_types() {
  static const std::vector<InitializerType> types = {
      gaussian_spectral_radius(),
  };
  return types;
}

}  // namespace nullcline
