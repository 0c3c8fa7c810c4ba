#include "engine/cli/run_folder.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/cli/files.h"
#include "engine/cli/npz.h"
#include "engine/experiment/schema.h"
#include "engine/experiment/weights_file.h"

namespace nullcline {

namespace {

constexpr const char* state_name = "state.npz";

Json history_json(std::span<const HistoryPoint> history) {
  Json points = Json::array();
  for (const HistoryPoint& point : history)
    points.push_back({{"iteration", point.iteration}, {"loss", point.loss}, {"accuracy", point.accuracy}});
  return points;
}

std::string losses_csv(std::span<const HistoryPoint> history) {
  std::string table = "iteration,loss,accuracy\n";
  for (const HistoryPoint& point : history)
    table += std::to_string(point.iteration) + "," + shown(point.loss) + "," +
             (std::isnan(point.accuracy) ? "" : shown(point.accuracy)) + "\n";
  return table;
}

}  // namespace

std::string RunFolder::file(const char* name) const { return (std::filesystem::path(path_) / name).string(); }

bool RunFolder::has_run() const {
  std::error_code ignored;
  return std::filesystem::exists(file(state_name), ignored);
}

void RunFolder::resume(RunOrigin& origin, Session& session) const {
  const std::string path = file(state_name);
  if (!has_run())
    throw Failure({"not_found", path, path + " does not exist, so there is no run to resume.",
                   "Leave out --resume to begin one."});
  restore_state(NpzFile(path), origin, session);
}

double RunFolder::seconds() const {
  constexpr std::size_t longest_history = std::size_t{1} << 30;
  const std::string path = file("history.json");
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return 0;
  const Json history = parse_json(read_file(path, longest_history));
  return history.is_object() && history.contains("seconds") && history["seconds"].is_number()
             ? history["seconds"].get<double>()
             : 0;
}

std::string RunFolder::save_checkpoint(const Session& session) const {
  char name[64];
  std::snprintf(name, sizeof name, "checkpoints/weights-%06d.npz", session.trainer().progress().iteration);
  make_folder(file("checkpoints"));
  write_file(file(name),
             write_npz(weights_arrays(*session.experiment().network, session.effective_weights())));
  return name;
}

void RunFolder::copy_in(const std::string& path, const std::string& name) const {
  const std::filesystem::path target = std::filesystem::path(path_) / name;
  make_folder(target.parent_path().string());
  std::error_code error;
  if (std::filesystem::equivalent(path, target, error)) return;
  std::filesystem::copy_file(path, target, std::filesystem::copy_options::overwrite_existing, error);
  if (error)
    throw Failure({"not_written", target.string(),
                   path + " cannot be copied to " + target.string() + ": " + error.message() + ".", ""});
}

void RunFolder::remove_checkpoints() const {
  std::error_code ignored;
  for (const Json& name : checkpoints())
    std::filesystem::remove(file(name.get<std::string>().c_str()), ignored);
}

/// The checkpoints that are there, in the order of their iterations.
Json RunFolder::checkpoints() const {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(file("checkpoints"), ignored))
    if (entry.path().extension() == ".npz")
      names.push_back("checkpoints/" + entry.path().filename().string());
  // Longer names are those of later iterations.
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return names;
}

void RunFolder::save(const RunOrigin& origin, const Session& session, double seconds,
                     const Json& results) const {
  const Experiment& experiment = session.experiment();
  const Progress progress = session.trainer().progress();
  Json history = {
      {"numerics_version", numerics_version},
      {"arithmetic", to_string(experiment.kernels->arithmetic)},
      {"hash", session.hash()},
      {"state", to_string(progress.state)},
      {"iteration", progress.iteration},
      {"iterations", progress.iterations},
      {"trials", progress.trials},
      {"seconds", seconds},
  };
  if (!origin.weights.empty()) history["initial_weights"] = origin.weights;
  if (!origin.files.empty()) history["files"] = origin.files;
  history.update(results);
  if (!experiment.curriculum.stages.empty()) {
    history["stage"] = progress.stage;
    history["stages"] = progress.stages;
    history["metrics"] = metrics_json(session.trainer().snapshot().curriculum);
  }
  if (experiment.training.performance_cutoff) {
    history["performance"] = progress.performance;
    history["cutoff_reached"] = progress.cutoff_reached;
  }
  if (const Json saved = checkpoints(); !saved.empty()) history["checkpoints"] = saved;
  history["history"] = history_json(progress.history);
  write_file(file(state_name), write_npz(state_arrays(origin, session)));
  write_file(file("weights.npz"),
             write_npz(weights_arrays(*experiment.network, session.effective_weights())));
  write_file(file("losses.csv"), losses_csv(progress.history));
  write_file(file("experiment.json"), experiment.document.dump(2) + "\n");
  write_file(file("history.json"), history.dump(2) + "\n");
}

}  // namespace nullcline
