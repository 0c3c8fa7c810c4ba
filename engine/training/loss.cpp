#include "engine/training/loss.h"

namespace nullcline {

const std::vector<LossFunction>& loss_functions() {
  static const std::vector<LossFunction> functions = {
      mean_squared_error(),
  };
  return functions;
}

}  // namespace nullcline
