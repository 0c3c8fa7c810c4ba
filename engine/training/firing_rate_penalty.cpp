#include <algorithm>
#include <vector>

#include "engine/training/penalty.h"

namespace nullcline {

namespace {

/// Sum of the squared rates of the trials' lanes.
double sum_of_squares(const float* rates, int units, int lanes) {
  double sum = 0;
  for (int unit = 0; unit < units; ++unit)
    for (int lane = 0; lane < lanes; ++lane) {
      const double rate = rates[unit * panel_width + lane];
      sum += rate * rate;
    }
  return sum;
}

double squared_rates(const Activity& activity, double scale, PanelSeries* rate_gradient) {
  const PanelSeries& series = activity.trajectory.rate;
  const int units = series.rows();
  const auto size = static_cast<std::size_t>(units) * panel_width;
  const TransferFunction function = activity.network.penalised_rate();
  std::vector<float> rates(size), slopes(size);
  const auto twice = static_cast<float>(2 * scale);
  double total = 0;
  for (int panel = 0; panel < series.panels(); ++panel) {
    const int lanes = std::min(panel_width, activity.trials - panel * panel_width);
    for (int entry = activity.first + 1; entry <= activity.last; ++entry) {
      const float* seen = series.at(panel, entry);
      activity.kernels.transfer(function, seen, rates.data(), size);
      total += sum_of_squares(rates.data(), units, lanes);
      if (rate_gradient == nullptr) continue;
      for (std::size_t i = 0; i < size; ++i)
        slopes[i] = static_cast<int>(i % panel_width) < lanes ? twice * rates[i] : 0.0f;
      activity.kernels.transfer_adjoint(function, seen, rates.data(), slopes.data(), size);
      float* gradient = rate_gradient->at(panel, entry);
      for (std::size_t i = 0; i < size; ++i) gradient[i] += slopes[i];
    }
  }
  return total;
}

}  // namespace

Penalty firing_rate_penalty() {
  return {"L2_firing_rate", "L2, firing rates",
          "Times the mean squared firing rate over trials, steps and units: quiet networks.", nullptr,
          squared_rates};
}

}  // namespace nullcline
