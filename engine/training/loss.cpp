#include "engine/training/loss.h"

namespace nullcline {

double loss_divisor(Reduction reduction, double elements) {
  return reduction == Reduction::mean ? elements : 1;
}

const std::vector<LossFunction>& loss_functions() {
  static const std::vector<LossFunction> functions = {
      mean_squared_error(),
      binary_cross_entropy(),
      binary_cross_entropy_with_logits(),
  };
  return functions;
}

}  // namespace nullcline
