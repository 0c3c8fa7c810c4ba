#pragma once

#include <memory>
#include <vector>

#include "engine/analysis/measure.h"
#include "engine/experiment/schema.h"

namespace nullcline {

/// One task of a curriculum, and what must be reached before the next one.
struct CurriculumStage {
  std::unique_ptr<Task> task;
  Measure metric;
  double threshold;
};

/// Tasks that are learned one after the other. The network goes on to the next when the stage's metric,
/// measured on fresh trials every `metric_epoch` iterations, passes its threshold; it never goes back.
struct Curriculum {
  /// Empty when there is none.
  std::vector<CurriculumStage> stages;
  int metric_epoch = 10;
  /// Whether the earlier stages are measured too, and must still be passed to go on.
  bool check_earlier_stages = false;
};

/// One measurement.
struct MetricPoint {
  int iteration;
  /// The stage that was measured, counted from 0.
  int stage;
  double value;
  /// The metrics of the stages before it, where they are checked.
  std::vector<double> earlier;
};

/// Where a run stands in its curriculum.
struct CurriculumState {
  /// Number of stages that are passed, which is the stage at hand; all of them when the curriculum is done.
  int stage = 0;
  std::vector<MetricPoint> metrics;
};

/// Notes a measurement of the stage at hand and goes on where it is passed; true when it did.
bool record_metric(const Curriculum& curriculum, int iteration, double value, std::vector<double> earlier,
                   CurriculumState& state);

/// The document's field `curriculum`.
Field curriculum_field();

}  // namespace nullcline
