#include <iostream>

#include "engine/analysis/accuracy.h"
#include "engine/cli/commands.h"
#include "engine/cli/evaluation.h"
#include "engine/cli/files.h"
#include "engine/cli/words.h"
#include "engine/experiment/lesion_file.h"

namespace nullcline {

namespace {

Array array_of(const Trials& trials, int channels, std::vector<float> values) {
  const auto length = [](int number) { return static_cast<std::size_t>(number); };
  return {{length(trials.count), length(trials.N_steps), length(channels)}, std::move(values)};
}

/// The lesion of a file; none where there is no file.
Lesion read_lesion(const std::string& path, const Network& network, int N_steps) {
  if (path.empty()) return {};
  Lesion lesion = lesion_of(*open_arrays(path), network.N_rec());
  check_lesion(lesion, network, N_steps, path);
  return lesion;
}

/// "; 98 of 100 choices were right (98.0 %)", where choices were asked for.
std::string judged(const Run& run, const Trials& trials) {
  Accuracy accuracy;
  for (const Score score : run.scores) accuracy.add(score);
  if (trials.y.empty() || trials.mask.empty() || accuracy.scored == 0) return "";
  return "; " + std::to_string(accuracy.correct) + " of " + counted(accuracy.scored, "choice") +
         (accuracy.scored == 1 ? " was right" : " were right") + " (" + percent(accuracy.share()) + ")";
}

}  // namespace

ExitStatus simulate_command(const EvaluationOptions& options) {
  const Evaluation evaluation = prepare_evaluation(options, Targets::optional);
  const Trials& trials = evaluation.trials;
  const Network& network = *evaluation.session->experiment().network;
  const Lesion lesion = read_lesion(options.lesion, network, trials.N_steps);
  Run run = evaluation.session->run(trials, lesion);
  const std::string judgement = judged(run, trials);
  write_file(options.out, write_npz({{"output", array_of(trials, network.N_out(), std::move(run.outputs))},
                                     {"state", array_of(trials, network.N_rec(), std::move(run.states))}}));
  std::cout << "Ran " << counted(trials.count, "trial") << " of " << counted(trials.N_steps, "step")
            << judgement << "; outputs and states are in " << options.out << "." << std::endl;
  return ExitStatus::done;
}

}  // namespace nullcline
