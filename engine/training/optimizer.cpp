#include "engine/training/optimizer.h"

namespace nullcline {

const std::vector<OptimizerType>& optimizer_types() {
  static const std::vector<OptimizerType> types = {
      adam(),
  };
  return types;
}

}  // namespace nullcline
