#include "engine/tasks/task.h"

#include <algorithm>
#include <cmath>

namespace nullcline {

Task::Task(int N_in, int N_out, const Json& parameters)
    : N_in_(N_in),
      N_out_(N_out),
      dt_(parameters["dt"]),
      tau_(parameters["tau"]),
      T_(parameters["T"]),
      N_steps_(static_cast<int>(std::ceil(T_ / dt_))),
      N_batch_(parameters["N_batch"]) {}

Task::Task(int N_in, int N_out, int N_steps, double dt, double tau, int N_batch)
    : N_in_(N_in),
      N_out_(N_out),
      dt_(dt),
      tau_(tau),
      T_(N_steps * dt),
      N_steps_(N_steps),
      N_batch_(N_batch) {}

void Task::complete(const std::vector<bool>&, TrialParameters&) const {}

Score Task::score(const Answer& answer, Conventions conventions) const {
  int chosen = 0, asked = 0;
  double chosen_sum = 0, asked_sum = 0;
  bool empty = true, is_finite = true;
  for (int channel = 0; channel < answer.N_out(); ++channel) {
    double output_sum = 0, target_sum = 0;
    for (int step = 0; step < answer.N_steps(); ++step) {
      const double mask = answer.mask(step, channel);
      empty = empty && mask == 0;
      output_sum += mask * answer.output(step, channel);
      target_sum += mask * answer.target(step, channel);
    }
    is_finite = is_finite && std::isfinite(output_sum);
    if (channel == 0 || output_sum > chosen_sum) {
      chosen = channel;
      chosen_sum = output_sum;
    }
    if (channel == 0 || target_sum > asked_sum) {
      asked = channel;
      asked_sum = target_sum;
    }
  }
  if (conventions == Conventions::standard && (empty || !asks_for_choices())) return Score::no_choice_asked;
  // Outputs beyond any number choose nothing.
  return is_finite && chosen == asked ? Score::correct : Score::wrong;
}

std::vector<Epoch> Task::epochs_until(const std::vector<EpochEnd>& ends) const {
  std::vector<Epoch> epochs;
  double from = 0;
  for (const EpochEnd& epoch : ends) {
    const double to = std::min(epoch.time, T());
    if (to <= from) continue;
    epochs.push_back({epoch.name, from, to});
    from = to;
  }
  return epochs;
}

}  // namespace nullcline
