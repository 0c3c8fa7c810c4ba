#include <algorithm>
#include <cmath>

#include "engine/training/loss.h"
#include "engine/training/loss_sum.h"

namespace nullcline {

namespace {

/// PsychRNN's ε: outputs are held to [ε, 1 − ε], and it is added once more inside of the logarithms.
constexpr float log_epsilon = 1e-7f;

/// A NaN stays one.
float held(float p) { return p < log_epsilon ? log_epsilon : (p > 1 - log_epsilon ? 1 - log_epsilon : p); }

/// −mask · (y · ln(q + ε) + (1 − y) · ln(1 − q + ε)) with q the output, held to [ε, 1 − ε]. It does not
/// change where the output is held. 1 − q is the held 1 − output: 1 − (1 − ε) has few correct digits in
/// float32.
LossLanes cross_entropy(const Kernels& kernels, const float* predicted, const float* target,
                        const float* mask) {
  float yes[panel_width], no[panel_width], log_yes[panel_width], log_no[panel_width];
  for (int i = 0; i < panel_width; ++i) {
    yes[i] = held(predicted[i]) + log_epsilon;
    no[i] = held(1 - predicted[i]) + log_epsilon;
  }
  kernels.logarithm(yes, log_yes, panel_width);
  kernels.logarithm(no, log_no, panel_width);
  LossLanes lanes;
  for (int i = 0; i < panel_width; ++i) {
    const float y = target[i];
    const float value = -mask[i] * (y * log_yes[i] + (1 - y) * log_no[i]);
    // The logarithm of a NaN is anything.
    lanes.value[i] = std::isnan(predicted[i]) ? predicted[i] : value;
    const bool inside = !(predicted[i] < log_epsilon || predicted[i] > 1 - log_epsilon);
    lanes.slope[i] = inside ? mask[i] * ((1 - y) / no[i] - y / yes[i]) : 0;
  }
  return lanes;
}

}  // namespace

LossFunction binary_cross_entropy() {
  return {"binary_cross_entropy",
          "mean of −(y ln p + (1 − y) ln(1 − p)) of outputs p that are probabilities, held between 0 and 1",
          sum_of_loss<cross_entropy>};
}

}  // namespace nullcline
