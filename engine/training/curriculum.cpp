#include "engine/training/curriculum.h"

#include "engine/experiment/registry.h"
#include "engine/experiment/schema.h"
#include "engine/training/schedule.h"

namespace nullcline {

namespace {

constexpr int most_stages = 1000;
constexpr double most_threshold = 1e9;

bool passes(const CurriculumStage& stage, double value) {
  return passes(stage.metric, value, stage.threshold);
}

bool keeps_earlier_stages(const Curriculum& curriculum, const std::vector<double>& earlier) {
  for (std::size_t s = 0; s < earlier.size(); ++s)
    if (!passes(curriculum.stages[s], earlier[s])) return false;
  return true;
}

Json stage_schema() {
  return object_schema(
      "Stage", "One task of the curriculum.",
      {Field::of("task",
                 {{"title", "Changes to the task"}, {"type", "object"}, {"additionalProperties", true}},
                 "Fields of the experiment's task that change in this stage, or a whole task with its type."),
       Field::any_of("metric", nullptr,
                     {null_form("the curriculum's"),
                      {{"title", "its own"}, {"type", "string"}, {"enum", names_of(measures())}}},
                     "What is measured in this stage.")
           .title("Metric"),
       Field::any_of("threshold", nullptr,
                     {null_form("the curriculum's"), number_form("its own", -most_threshold, most_threshold)},
                     "What the metric must reach in this stage.")
           .title("Threshold")});
}

}  // namespace

bool record_metric(const Curriculum& curriculum, int iteration, double value, std::vector<double> earlier,
                   CurriculumState& state) {
  const bool passed = passes(curriculum.stages[static_cast<std::size_t>(state.stage)], value) &&
                      keeps_earlier_stages(curriculum, earlier);
  state.metrics.push_back({iteration, state.stage, value, std::move(earlier)});
  if (passed) ++state.stage;
  return passed;
}

Field curriculum_field() {
  Json stages = {{"title", "Stages"},
                 {"type", "array"},
                 {"items", stage_schema()},
                 {"minItems", 1},
                 {"maxItems", most_stages}};
  Json curriculum = object_schema(
      "tasks one after the other", "Tasks that are learned one after the other.",
      {Field::of("stages", stages, "The tasks, in the order in which they are learned."),
       Field::one_of("metric", names_of(measures()), "What is measured on fresh trials of the stage at hand.")
           .title("Metric"),
       Field::number("threshold", .9,
                     "What the metric must reach to go on: from below, or from above for a loss.")
           .title("Threshold")
           .at_least(-most_threshold)
           .at_most(most_threshold),
       Field::integer("metric_epoch", 10, "The metric is measured once in so many iterations.")
           .title("Measure every")
           .unit("iterations")
           .at_least(1)
           .at_most(most_iterations),
       Field::boolean("check_earlier_stages", false,
                      "Measure the earlier stages too; the next one begins only while they are still passed.")
           .title("Check earlier stages")});
  return Field::any_of("curriculum", nullptr, {null_form("none"), curriculum},
                       "Tasks that are learned one after the other, easy ones first.")
      .title("Curriculum")
      .advanced();
}

}  // namespace nullcline
