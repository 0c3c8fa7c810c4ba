#include "engine/networks/registry.h"

#include "engine/experiment/registry.h"

namespace nullcline {

namespace {

Registry<InitializerType>& initializers() {
  static Registry<InitializerType> registry("initializer", {
                                                               gaussian_spectral_radius(),
                                                               weight_initializer(),
                                                               alpha_identity(),
                                                           });
  return registry;
}

Registry<NetworkType>& networks() {
  static Registry<NetworkType> registry("network", {
                                                       basic(),
                                                       lstm(),
                                                   });
  return registry;
}

}  // namespace

const std::vector<InitializerType>& initializer_types() { return initializers().all(); }
const std::vector<NetworkType>& network_types() { return networks().all(); }

void register_initializer(InitializerType type) { initializers().add(std::move(type)); }
void register_network(NetworkType type) { networks().add(std::move(type)); }

}  // namespace nullcline
