#include "engine/training/loss.h"

#include "engine/experiment/registry.h"

namespace nullcline {

double loss_divisor(Reduction reduction, double elements) {
  return reduction == Reduction::mean ? elements : 1;
}

namespace {

Registry<LossFunction>& loss_registry() {
  static Registry<LossFunction> all("loss", {
                                                mean_squared_error(),
                                                binary_cross_entropy(),
                                                binary_cross_entropy_with_logits(),
                                            });
  return all;
}

}  // namespace

const std::vector<LossFunction>& loss_functions() { return loss_registry().all(); }
void register_loss(LossFunction loss) { loss_registry().add(std::move(loss)); }

}  // namespace nullcline
