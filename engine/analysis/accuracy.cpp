#include "engine/analysis/accuracy.h"

#include <limits>

namespace nullcline {

double Accuracy::share() const {
  return scored == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(correct) / scored;
}

void Accuracy::add(Score score) {
  ++trials;
  if (score == Score::no_choice_asked) return;
  ++scored;
  if (score == Score::correct) ++correct;
}

Accuracy& Accuracy::operator+=(const Accuracy& other) {
  trials += other.trials;
  scored += other.scored;
  correct += other.correct;
  return *this;
}

Score score_trial(const TrialSlice& slice, const PanelSeries& output, int trial, Conventions conventions) {
  int chosen = 0, asked = 0;
  double chosen_sum = 0, asked_sum = 0;
  bool empty = true;
  for (int channel = 0; channel < output.rows(); ++channel) {
    double output_sum = 0, target_sum = 0;
    for (int step = 0; step < output.steps(); ++step) {
      const double mask = slice.mask.value(trial, step, channel);
      empty = empty && mask == 0;
      output_sum += mask * output.value(trial, step, channel);
      target_sum += mask * slice.y.value(trial, step, channel);
    }
    if (channel == 0 || output_sum > chosen_sum) {
      chosen = channel;
      chosen_sum = output_sum;
    }
    if (channel == 0 || target_sum > asked_sum) {
      asked = channel;
      asked_sum = target_sum;
    }
  }
  if (empty && conventions == Conventions::standard) return Score::no_choice_asked;
  return chosen == asked ? Score::correct : Score::wrong;
}

void add_scores(const TrialSlice& slice, const PanelSeries& output, Conventions conventions,
                Accuracy& accuracy) {
  for (int trial = 0; trial < slice.count; ++trial)
    accuracy.add(score_trial(slice, output, trial, conventions));
}

}  // namespace nullcline
