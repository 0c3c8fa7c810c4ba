// A measure of one's own: how far the chosen output is above the other ones, by which a curriculum goes on.
#include <algorithm>
#include <limits>

#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

/// The largest output at the last step minus the one after it.
double margin(const PanelSeries& output, int trial) {
  constexpr float none = -std::numeric_limits<float>::infinity();
  float first = none, second = none;
  for (int channel = 0; channel < output.rows(); ++channel) {
    const float value = output.value(trial, output.steps() - 1, channel);
    second = std::max(second, std::min(first, value));
    first = std::max(first, value);
  }
  return static_cast<double>(first) - static_cast<double>(second);
}

double mean_margin(const MeasuredBatch& measured) {
  double sum = 0;
  for (std::size_t s = 0; s < measured.outputs.size(); ++s)
    for (int trial = 0; trial < measured.batch.slices[s].count; ++trial)
      sum += margin(measured.outputs[s], trial);
  return sum / measured.batch.count;
}

}  // namespace

Measure choice_margin() {
  return {"choice_margin", "mean difference between the two largest outputs at the end of a trial",
          /*higher_is_better=*/true, mean_margin};
}

}  // namespace nullcline
