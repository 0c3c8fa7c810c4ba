#include "engine/analysis/measure.h"

#include "engine/analysis/accuracy.h"
#include "engine/experiment/registry.h"

namespace nullcline {

namespace {

Registry<Measure>& measure_registry() {
  static Registry<Measure> all("measure", {
                                              accuracy_measure(),
                                              loss_measure(),
                                          });
  return all;
}

}  // namespace

const std::vector<Measure>& measures() { return measure_registry().all(); }
void register_measure(Measure measure) { measure_registry().add(std::move(measure)); }

bool passes(const Measure& measure, double value, double threshold) {
  return measure.higher_is_better ? value >= threshold : value <= threshold;
}

Measure accuracy_measure() {
  return {"accuracy",
          "share of the trials that are answered right, as the task judges them",
          /*higher_is_better=*/true,
          [](const MeasuredBatch& measured) {
            Accuracy accuracy;
            for (std::size_t s = 0; s < measured.outputs.size(); ++s)
              add_scores(measured.task, measured.batch.slices[s], measured.outputs[s], measured.conventions,
                         accuracy);
            return accuracy.share();
          },
          /*least=*/0,
          /*most=*/1,
          /*needs_choices=*/true};
}

Measure loss_measure() {
  return {"loss", "the loss, penalties left out", /*higher_is_better=*/false,
          [](const MeasuredBatch& measured) { return measured.loss; }};
}

}  // namespace nullcline
