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

void add_scores(const Task& task, const TrialSlice& slice, const PanelSeries& output, Conventions conventions,
                Accuracy& accuracy) {
  for (int trial = 0; trial < slice.count; ++trial)
    accuracy.add(task.score({output, slice.y, slice.mask, trial}, conventions));
}

}  // namespace nullcline
