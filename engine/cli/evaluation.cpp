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

Evaluation evaluate_drawn(Experiment experiment, int count) {
  demand_memory_for(experiment, count, experiment.task->N_steps());
  Evaluation evaluation{std::make_unique<Session>(std::move(experiment), usual_threads()), {}};
  evaluation.trials = evaluation.session->draw({count});
  return evaluation;
}

/// Trials whose input is nothing; there is no right answer to them.
Evaluation evaluate_autonomous(Experiment experiment, int count, int steps) {
  demand_memory_for(experiment, count, steps);
  Trials trials{count, steps, experiment.network->N_in(), experiment.network->N_out(), {}, {}, {}, {}, {}};
  trials.x.assign(static_cast<std::size_t>(count) * static_cast<std::size_t>(steps) *
                      static_cast<std::size_t>(trials.N_in),
                  0.0f);
  return {std::make_unique<Session>(std::move(experiment), usual_threads()), std::move(trials)};
}

Evaluation evaluate_given(const Json& resolved, const FileSource& files, const ArrayFile& file, int N_out,
                          Targets targets) {
  Trials trials = read_trials(file, targets == Targets::needed, N_out);
  Experiment experiment = make_experiment(resolved, task_of(trials, resolved, trials.count), files);
  check_fit(trials, *experiment.network, file.name());
  demand_memory_for(experiment, trials.count, trials.N_steps);
  return {std::make_unique<Session>(std::move(experiment), usual_threads()), std::move(trials)};
}

Evaluation evaluate(const EvaluationOptions& options, const DocumentFile& document, const ArrayFile& weights,
                    Targets targets) {
  if (!options.trials.empty())
    return evaluate_given(document.resolved_for_other_task(), *document.files, *open_arrays(options.trials),
                          weight_sizes(weights).N_out, targets);
  Experiment experiment = make_experiment(document.resolved(), *document.files);
  if (options.autonomous)
    return evaluate_autonomous(std::move(experiment), options.count.value_or(1), *options.autonomous);
  const int count = options.count.value_or(experiment.task->N_batch());
  return evaluate_drawn(std::move(experiment), count);
}

}  // namespace

Evaluation prepare_evaluation(const EvaluationOptions& options, Targets targets) {
  DocumentFile document = read_document(options.document);
  const auto weights = open_arrays(options.weights);
  document.take_network(*weights);
  Evaluation evaluation = evaluate(options, document, *weights, targets);
  load_weights(*weights, *evaluation.session);
  return evaluation;
}

}  // namespace nullcline
