#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>

#include "engine/cli/commands.h"
#include "engine/cli/files.h"
#include "engine/cli/inputs.h"
#include "engine/cli/interruption.h"
#include "engine/cli/progress.h"
#include "engine/cli/run_folder.h"
#include "engine/cli/words.h"
#include "engine/experiment/weights_file.h"

namespace nullcline {

namespace {

constexpr int fresh_trials = 1000;
/// A run that is killed loses at most so many seconds.
constexpr double seconds_between_saves = 60;

/// A run that is about to begin or to go on.
struct TrainingRun {
  RunFolder folder;
  RunOrigin origin;
  std::unique_ptr<Session> session;
  /// Files to copy into the folder: their names there, and where they are.
  std::map<std::string, std::string> copies = {};
  /// Trials that were given; 0 when the task draws them.
  int given_trials = 0;
  /// Seconds that earlier parts of the run took.
  double earlier_seconds = 0;

  void save(double seconds) const {
    folder.save(origin, *session, earlier_seconds + seconds, Json::object());
  }
};

/// What a document calls the trials of --trials.
constexpr const char* name_of_given_trials = "given-trials.npz";

/// Puts given trials in the place of the document's task, so that the saved document runs the same way.
void take_trials(const std::string& path, DocumentFile& document) {
  if (document.document.is_object() && document.document.contains("curriculum") &&
      !document.document["curriculum"].is_null())
    throw Failure(
        {"not_allowed", "curriculum",
         "A document with a curriculum cannot be trained on given trials, which are a task of their own.",
         "Leave out --trials, or the curriculum."});
  document.resolved_for_other_task();  // says what is wrong with the task that gives way
  std::shared_ptr<const ArrayFile> file = open_arrays(path);
  if (file->has("noise"))
    warn(path + ": noise is not used in training, where every iteration draws its own.");
  document.files->give(name_of_given_trials, std::move(file));
  Json task = {{"type", "Trials"}, {"file", name_of_given_trials}};
  for (const char* field : {"dt", "tau", "N_batch"})
    if (document.gives("task", field)) task[field] = document.document["task"][field];
  document.document["task"] = std::move(task);
}

/// Gives the files that a document names other names.
void rename_files(const std::map<std::string, std::string>& names, Json& value) {
  if (value.is_array())
    for (Json& element : value) rename_files(names, element);
  if (!value.is_object()) return;
  for (auto member = value.begin(); member != value.end(); ++member) {
    const bool is_file = (member.key() == "file" || member.key() == "load_weights_path") &&
                         member.value().is_string() && names.contains(member.value().get<std::string>());
    if (is_file) {
      member.value() = names.at(member.value().get<std::string>());
    } else {
      rename_files(names, member.value());
    }
  }
}

/// The run's folder gets copies of the files that the document names, so that the saved document runs there.
void keep_files(const FolderFiles& files, TrainingRun& run, Json& document) {
  std::error_code ignored;
  const auto place = [&](const std::string& folder) {
    return std::filesystem::weakly_canonical(folder.empty() ? "." : folder, ignored);
  };
  const bool is_there = place(files.folder()) == place(run.folder.path());
  std::map<std::string, std::string> names;
  for (const auto& [name, file] : files.opened()) {
    const bool stays = is_there && name != name_of_given_trials;
    std::string copy = stays || name.starts_with("files/") ? name : "files/" + name;
    while (run.origin.files.contains(copy)) copy = "files/" + copy;
    names[name] = copy;
    run.origin.files[copy] = file->fingerprint();
    if (!stays) run.copies[copy] = file->name();
  }
  rename_files(names, document);
}

/// Everything that can be wrong with the input is found here, before anything is written.
TrainingRun prepare(const TrainOptions& options) {
  TrainingRun run{RunFolder(options.out), {}, nullptr};
  DocumentFile document = read_document(options.document);
  const auto weights = options.weights.empty() ? nullptr : open_arrays(options.weights);
  if (weights != nullptr) document.take_network(*weights);
  if (options.iterations) document.set("training", "iterations", *options.iterations);
  if (!options.trials.empty()) take_trials(options.trials, document);
  Experiment experiment = make_experiment(document.resolved(), *document.files);
  run.given_trials = experiment.task->given_trials();
  if (const auto problem = nothing_to_learn(experiment)) throw Problems(document.name, {*problem});
  if (weights == nullptr)
    for (const std::string& warning :
         warnings_of_weights(experiment.document, *experiment.network, *document.files))
      warn(warning);
  keep_files(*document.files, run, experiment.document);
  demand_memory(training_bytes(experiment, options.threads), "Training");
  run.session = std::make_unique<Session>(std::move(experiment), options.threads);
  if (weights != nullptr) {
    load_weights(*weights, *run.session);
    run.origin.weights = options.weights;
  } else {
    for (const std::string& warning : run.session->trainer().warnings()) warn(warning);
  }
  if (options.resume) {
    run.folder.resume(run.origin, *run.session);
    run.earlier_seconds = run.folder.seconds();
  }
  return run;
}

/// A run does not end because it cannot be saved half-way: the disk may have room again at its end.
void save_in_between(const std::function<void()>& save) {
  try {
    save();
  } catch (const Failure& failure) {
    warn(failure.problem().message);
  }
}

/// Trains until the run is over, or the user stops it; the seconds that it took.
double train_on(TrainingRun& run, const TrainOptions& options) {
  Trainer& trainer = run.session->trainer();
  const auto display =
      make_display(options.json, run.session->experiment().training.loss_epoch, trainer.progress());
  const auto begin = std::chrono::steady_clock::now();
  double seconds = 0, saved = 0;
  const auto is_over = [&] {
    const TrainingState state = trainer.progress().state;
    return state == TrainingState::finished || state == TrainingState::diverged || interrupted();
  };
  while (!is_over()) {
    trainer.step({});
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const Progress progress = trainer.progress();
    display->show(progress, seconds);
    if (progress.is_checkpoint && progress.state != TrainingState::diverged)
      save_in_between([&] { run.folder.save_checkpoint(*run.session); });
    if (seconds - saved < seconds_between_saves) continue;
    save_in_between([&] { run.save(seconds); });
    saved = seconds;
  }
  display->end();
  return seconds;
}

/// Loss and accuracy on trials that training has not seen, or on all that were given.
TestResult final_test(TrainingRun& run) {
  return run.session->test(run.given_trials > 0 ? run.given_trials : fresh_trials, 0);
}

/// " of the 806 that ask for a choice", where not all do.
std::string unscored(const Accuracy& accuracy) {
  if (accuracy.scored == accuracy.trials || accuracy.scored == 0) return "";
  return " of the " + std::to_string(accuracy.scored) + " that ask for a choice";
}

Json results_json(const TestResult& result) {
  return {{"loss", result.loss},
          {"accuracy", result.accuracy.share()},
          {"tested_trials", result.accuracy.trials},
          {"scored_trials", result.accuracy.scored}};
}

/// The command that goes on with the run.
std::string resume_command(const TrainOptions& options, const TrainingRun& run) {
  // Given weights bring their sizes and constraints, and trials a task, which only the saved document has.
  const bool piped = options.document == "-" || !options.weights.empty() || !options.trials.empty();
  std::string command =
      "nullcline train " + quoted(piped ? run.folder.file("experiment.json") : options.document);
  if (options.iterations && !piped) command += " --iterations " + std::to_string(*options.iterations);
  return command + " --out " + quoted(options.out) + " --resume";
}

void print_start(const TrainOptions& options, const TrainingRun& run) {
  const Experiment& experiment = run.session->experiment();
  const Progress progress = run.session->trainer().progress();
  const std::string arithmetic = to_string(experiment.kernels->arithmetic);
  if (options.json) {
    const Json line = {{"event", "start"},
                       {"iteration", progress.iteration},
                       {"iterations", progress.iterations},
                       {"threads", run.session->threads()},
                       {"numerics_version", numerics_version},
                       {"arithmetic", arithmetic},
                       {"instruction_set", experiment.kernels->instruction_set}};
    std::cout << line.dump() << std::endl;
    return;
  }
  const Task& task = *experiment.task;
  std::cout << "Training " << counted(experiment.network->N_rec(), "unit")
            << (progress.iteration > 0 ? " from iteration " + std::to_string(progress.iteration) + " to " +
                                             std::to_string(progress.iterations) + ", each"
                                       : " for " + counted(progress.iterations, "iteration"))
            << " of " << counted(task.N_batch(), "trial") << " × " << counted(task.N_steps(), "step") << "\n("
            << counted(run.session->threads(), "thread") << ", " << arithmetic << " arithmetic, "
            << experiment.kernels->instruction_set << ")." << std::endl;
  if (progress.state == TrainingState::finished && options.resume)
    std::cout << (progress.iteration >= progress.iterations
                      ? "That many are done already; ask for more with --iterations."
                      : "The run has reached its goal already; another document may ask for more.")
              << std::endl;
}

void print_end_json(const TrainingRun& run, const std::string& event, const Json& results, double seconds) {
  const Progress progress = run.session->trainer().progress();
  Json line = {{"event", event},
               {"iteration", progress.iteration},
               {"iterations", progress.iterations},
               {"trials", progress.trials},
               {"hash", run.session->hash()},
               {"numerics_version", numerics_version},
               {"arithmetic", to_string(run.session->experiment().kernels->arithmetic)}};
  if (progress.stages > 0) {
    line["stage"] = progress.stage;
    line["stages"] = progress.stages;
  }
  if (progress.cutoff_reached) line["performance"] = progress.performance;
  line.update(results);
  line["seconds"] = seconds;
  line["out"] = run.folder.path();
  std::cout << line.dump() << std::endl;
}

void print_end(const TrainingRun& run, int first_iteration, const std::optional<TestResult>& result,
               double seconds) {
  const Progress progress = run.session->trainer().progress();
  if (progress.stages > 0)
    std::cout << "Passed " << progress.stage << " of " << counted(progress.stages, "stage")
              << " of the curriculum." << std::endl;
  if (progress.cutoff_reached)
    std::cout << "Reached the cutoff: " << run.session->experiment().training.performance_measure.name << " "
              << rounded(progress.performance) << "." << std::endl;
  const int iterations = progress.iteration - first_iteration;
  const double trials = 1.0 * iterations * run.session->experiment().task->N_batch();
  if (iterations > 0)
    std::cout << "Trained " << counted(iterations, "iteration") << " in " << duration(seconds) << ", "
              << std::llround(trials / seconds) << " trials/s." << std::endl;
  if (result)
    std::cout << "On "
              << counted(result->accuracy.trials, run.given_trials > 0 ? "given trial" : "fresh trial")
              << ": loss " << rounded(result->loss) << ", accuracy " << percent(result->accuracy.share())
              << unscored(result->accuracy) << "." << std::endl;
  std::cout << "Hash of the weights: " << run.session->hash() << " (numerics version " << numerics_version
            << ", " << to_string(run.session->experiment().kernels->arithmetic) << " arithmetic)."
            << std::endl;
  std::cout << "In " << run.folder.path()
            << ": weights.npz, state.npz, losses.csv, experiment.json, history.json." << std::endl;
}

/// Writes and tells how the run stands after training has come to an end.
ExitStatus conclude(const TrainOptions& options, TrainingRun& run, int first_iteration, double seconds) {
  const Progress progress = run.session->trainer().progress();
  const bool diverged = progress.state == TrainingState::diverged;
  const bool stopped = !diverged && progress.state != TrainingState::finished;
  std::optional<TestResult> result;
  if (!stopped) result = final_test(run);
  const Json results = result ? results_json(*result) : Json::object();
  // A finished run that was resumed stays as it is.
  if (!options.resume || progress.iteration > first_iteration)
    run.folder.save(run.origin, *run.session, run.earlier_seconds + seconds, results);
  if (options.json) {
    print_end_json(run, stopped ? "stopped" : to_string(progress.state), results, seconds);
  } else {
    print_end(run, first_iteration, result, seconds);
  }
  if (diverged) {
    std::cerr << "nullcline: " << progress.problem->message << " " << progress.problem->hint << std::endl;
  } else if (stopped) {
    std::cerr << "nullcline: stopped at iteration " << progress.iteration << " of " << progress.iterations
              << "; to go on: " << resume_command(options, run) << std::endl;
  }
  return diverged || stopped ? ExitStatus::run_failed : ExitStatus::done;
}

}  // namespace

ExitStatus train_command(const TrainOptions& options) {
  TrainingRun run = prepare(options);
  make_folder(options.out);
  const int first_iteration = run.session->trainer().progress().iteration;
  if (!options.resume) {
    if (run.folder.has_run()) warn("the run that was in " + options.out + " is replaced.");
    run.folder.remove_checkpoints();
    for (const auto& [name, path] : run.copies) run.folder.copy_in(path, name);
    run.folder.save(run.origin, *run.session, 0, Json::object());
  }
  print_start(options, run);
  note_interruptions();
  const double seconds = train_on(run, options);
  return conclude(options, run, first_iteration, seconds);
}

}  // namespace nullcline
