#include "engine/cli/evaluation.h"

#include "engine/cli/words.h"
#include "engine/experiment/trials_file.h"
#include "engine/experiment/weights_file.h"

namespace nullcline {

namespace {

/// Outputs, states and rates of all trials are kept, and once more in the file that is written.
void demand_memory_for(const Experiment& experiment, int trials, int steps) {
  const double values = 1.0 * trials * steps * (experiment.network->N_rec() + experiment.network->N_out());
  demand_memory(4 * sizeof(float) * values, "The network's activity in " + counted(trials, "trial"));
}

Evaluation evaluate_drawn(Experiment experiment) {
  const int count = experiment.task->N_batch();
  demand_memory_for(experiment, count, experiment.task->N_steps());
  Evaluation evaluation{std::make_unique<Session>(std::move(experiment), usual_threads()), {}};
  evaluation.trials = evaluation.session->draw({count});
  return evaluation;
}

Evaluation evaluate_given(const Json& resolved, const ArrayFile& file, int N_out, Use use) {
  Trials trials = read_trials(file, use == Use::training, N_out);
  Experiment experiment = make_experiment(resolved, task_of(trials, resolved, trials.count));
  check_fit(trials, *experiment.network, file.name());
  demand_memory_for(experiment, trials.count, trials.N_steps);
  return {std::make_unique<Session>(std::move(experiment), usual_threads()), std::move(trials)};
}

}  // namespace

Evaluation prepare_evaluation(const EvaluationOptions& options, Use use) {
  DocumentFile document = read_document(options.document);
  const auto weights = open_arrays(options.weights);
  document.take_size(*weights);
  Evaluation evaluation = options.trials.empty()
                              ? evaluate_drawn(make_experiment(document.resolved()))
                              : evaluate_given(document.resolved(), *open_arrays(options.trials),
                                               weight_sizes(*weights).N_out, use);
  load_weights(*weights, use, *evaluation.session);
  return evaluation;
}

}  // namespace nullcline
