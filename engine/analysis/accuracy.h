#pragma once

#include "engine/tasks/batch.h"

namespace nullcline {

/// Counts over trials.
struct Accuracy {
  int trials = 0;
  int scored = 0;
  int correct = 0;

  /// correct / scored; NaN when no trial asks for a choice.
  double share() const;
  void add(Score score);
  Accuracy& operator+=(const Accuracy& other);
};

/// Adds the scores that the task gives to all trials of a slice.
void add_scores(const Task& task, const TrialSlice& slice, const PanelSeries& output, Conventions conventions,
                Accuracy& accuracy);

}  // namespace nullcline
