// A penalty of one's own: rates that change slowly, by the mean squared change from one step to the next.
#include <algorithm>

#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

/// Sum over trials, steps and units of (rate[step] − rate[step − 1])²; the initial state does not count.
double squared_changes(const Activity& activity, double scale, PanelSeries* rate_gradient) {
  const PanelSeries& rate = activity.trajectory.rate;
  const auto twice = static_cast<float>(2 * scale);
  double total = 0;
  for (int panel = 0; panel < rate.panels(); ++panel) {
    const int lanes = std::min(panel_width, activity.trials - panel * panel_width);
    for (int entry = std::max(2, activity.first + 1); entry <= activity.last; ++entry)
      for (int unit = 0; unit < rate.rows(); ++unit)
        for (int lane = 0; lane < lanes; ++lane) {
          const int i = unit * panel_width + lane;
          const float change = rate.at(panel, entry)[i] - rate.at(panel, entry - 1)[i];
          total += static_cast<double>(change) * static_cast<double>(change);
          if (rate_gradient == nullptr) continue;
          rate_gradient->at(panel, entry)[i] += twice * change;
          rate_gradient->at(panel, entry - 1)[i] -= twice * change;
        }
  }
  return total;
}

}  // namespace

Penalty rate_change_penalty() {
  return {"L2_rate_change", "L2, changes of the rates",
          "Times the mean squared change of a rate in a step: slow networks.", nullptr, squared_changes};
}

}  // namespace nullcline
