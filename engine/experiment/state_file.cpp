#include "engine/experiment/state_file.h"

#include <algorithm>
#include <limits>

#include "engine/experiment/schema.h"
#include "engine/experiment/weights_file.h"

namespace nullcline {

namespace {

Array number(double value) { return {{}, std::vector<double>{value}}; }
Array integer(std::int64_t value) { return {{}, std::vector<std::int64_t>{value}}; }
Array text(std::string value) { return {{}, std::move(value)}; }

std::string block_name(std::size_t block) { return "optimizer/" + std::to_string(block) + "/"; }

FloatBuffer read_block(const std::string& prefix, const ParameterLayout& layout, const ArrayFile& file) {
  FloatBuffer block(layout.size());
  for (const Variable& variable : layout.variables()) {
    const std::vector<float> values = file.floats(prefix + variable.name, file_shape(variable));
    std::copy(values.begin(), values.end(), block.data() + variable.offset);
  }
  return block;
}

/// A point is (iteration, loss, accuracy); the accuracy may be NaN.
Array history_array(const std::vector<HistoryPoint>& history) {
  std::vector<double> values;
  for (const HistoryPoint& point : history)
    values.insert(values.end(), {1.0 * point.iteration, point.loss, point.accuracy});
  return {{history.size(), 3}, std::move(values)};
}

/// Float64 values as they were written, NaN among them.
std::vector<double> read_raw(const ArrayFile& file, const std::string& key) {
  const Array array = file.get(key);
  if (const auto* values = array.get_if<std::vector<double>>()) return *values;
  const std::string place = file.name() + ": " + key;
  throw Failure({"bad_file", place, place + " must hold numbers of 8 bytes.", ""});
}

int checked_iteration(double value, const ArrayFile& file) {
  constexpr double most = 1e9;
  if (value >= 0 && value <= most) return static_cast<int>(value);
  throw Failure(
      {"bad_file", file.name(), file.name() + " is damaged: it counts no possible iterations.", ""});
}

std::vector<HistoryPoint> read_history(const ArrayFile& file) {
  const std::vector<double> values = read_raw(file, "history");
  std::vector<HistoryPoint> history;
  for (std::size_t i = 0; i + 2 < values.size(); i += 3)
    history.push_back({checked_iteration(values[i], file), values[i + 1], values[i + 2]});
  return history;
}

CurriculumState read_curriculum(const ArrayFile& file, const Curriculum& curriculum) {
  const auto bad = [&](const std::string& what) -> Failure {
    return Failure({"bad_file", file.name(), file.name() + " is damaged: " + what, ""});
  };
  CurriculumState state;
  const double stage = file.number("stage");
  if (!(stage >= 0 && stage <= static_cast<double>(curriculum.stages.size())))
    throw bad("it counts no possible stage of the curriculum.");
  state.stage = static_cast<int>(stage);
  const Json points = parse_json(file.text("metrics"));
  if (!points.is_array()) throw bad("its metrics cannot be read.");
  for (const Json& point : points) {
    const auto value = [&](const char* name) {
      const Json found = point.is_object() ? point.value(name, Json()) : Json();
      if (!found.is_number() && !found.is_null()) throw bad("its metrics cannot be read.");
      return found.is_null() ? std::numeric_limits<double>::quiet_NaN() : found.get<double>();
    };
    MetricPoint read{checked_iteration(value("iteration"), file),
                     checked_iteration(value("stage"), file),
                     value("value"),
                     {}};
    const Json earlier = point.value("earlier_stages", Json::array());
    for (const Json& number : earlier)
      read.earlier.push_back(number.is_number() ? number.get<double>()
                                                : std::numeric_limits<double>::quiet_NaN());
    state.metrics.push_back(std::move(read));
  }
  return state;
}

/// The document without what may change between the parts of a run.
Json without_length(Json document) {
  if (!document.is_object()) return document;
  document.erase("name");
  if (Json& training = document["training"]; training.is_object())
    for (const char* field : {"iterations", "training_iters"}) training.erase(field);
  return document;
}

TrainingSnapshot read_snapshot(const ArrayFile& file, const Experiment& experiment) {
  const ParameterLayout& layout = experiment.network->layout();
  TrainingSnapshot snapshot;
  snapshot.iteration = checked_iteration(file.number("iteration"), file);
  snapshot.raw = read_block("raw/", layout, file);
  snapshot.optimizer = experiment.training.optimizer->initial_state(layout.size());
  snapshot.optimizer.numbers = file.doubles("optimizer/numbers", {snapshot.optimizer.numbers.size()});
  for (std::size_t i = 0; i < snapshot.optimizer.blocks.size(); ++i)
    snapshot.optimizer.blocks[i] = read_block(block_name(i), layout, file);
  snapshot.history = read_history(file);
  if (const std::vector<double> loss = read_raw(file, "batch_loss"); !loss.empty())
    snapshot.batch_loss = loss[0];
  snapshot.curriculum = read_curriculum(file, experiment.curriculum);
  if (const std::vector<double> value = read_raw(file, "performance"); !value.empty())
    snapshot.performance = value[0];
  snapshot.cutoff_reached = file.number("cutoff_reached") != 0;
  return snapshot;
}

[[noreturn]] void refuse(const std::string& file, const std::string& why, std::string hint = {}) {
  throw Failure({"other_run", file, file + " cannot be resumed: " + why, std::move(hint)});
}

/// Says which field differs first, as "network.N_rec is 50 in the saved run and 60 here".
std::string difference(const Json& saved, const Json& now, const std::string& path = {}) {
  if (!saved.is_object() || !now.is_object())
    return path + " is " + shown(saved) + " in the saved run and " + shown(now) + " here.";
  Json names = saved;
  names.update(now);
  for (const auto& [name, unused] : names.items()) {
    const std::string place = path.empty() ? name : path + "." + name;
    const Json before = saved.value(name, Json()), after = now.value(name, Json());
    if (before != after) return difference(before, after, place);
  }
  return "the documents differ.";
}

void check_same_run(const ArrayFile& file, const RunOrigin& origin, const Experiment& experiment) {
  const double version = file.number("numerics_version");
  if (version != numerics_version)
    refuse(file.name(), "it has numerics version " + shown(version) + "; this program has " +
                            std::to_string(numerics_version) + ".");
  const std::string arithmetic = file.text("arithmetic"), here = to_string(experiment.kernels->arithmetic);
  if (arithmetic != here)
    refuse(file.name(), "it was computed with " + shortened(arithmetic) +
                            " arithmetic, and here it would be " + here + ".");
  const Json saved = without_length(parse_json(file.text("experiment")));
  const Json now = without_length(experiment.document);
  if (saved != now)
    refuse(file.name(), difference(saved, now), "Give the document of the saved run, or begin a new one.");
  const Json files = parse_json(file.text("files"));
  for (const auto& [name, fingerprint] : origin.files)
    if (!files.is_object() || files.value(name, Json()) != fingerprint)
      refuse(file.name(), shown(Json(name)) + " is not the file that the run began with.",
             "Give the same file, or begin a new run.");
}

}  // namespace

Json metrics_json(const CurriculumState& state) {
  Json points = Json::array();
  for (const MetricPoint& point : state.metrics) {
    Json entry = {{"iteration", point.iteration}, {"stage", point.stage}, {"value", point.value}};
    if (!point.earlier.empty()) entry["earlier_stages"] = point.earlier;
    points.push_back(std::move(entry));
  }
  return points;
}

std::vector<NamedArray> state_arrays(const RunOrigin& origin, const Session& session) {
  const Experiment& experiment = session.experiment();
  const TrainingSnapshot& snapshot = session.trainer().snapshot();
  std::vector<NamedArray> arrays = {
      {"numerics_version", integer(numerics_version)},
      {"arithmetic", text(to_string(experiment.kernels->arithmetic))},
      {"experiment", text(experiment.document.dump())},
      {"files", text(Json(origin.files).dump())},
      {"weights", text(origin.weights)},
      {"iteration", integer(snapshot.iteration)},
      {"batch_loss", number(snapshot.batch_loss)},
      {"history", history_array(snapshot.history)},
      {"optimizer/numbers", {{snapshot.optimizer.numbers.size()}, snapshot.optimizer.numbers}},
      {"stage", integer(snapshot.curriculum.stage)},
      {"metrics", text(metrics_json(snapshot.curriculum).dump())},
      {"performance", number(snapshot.performance)},
      {"cutoff_reached", integer(snapshot.cutoff_reached ? 1 : 0)},
  };
  const ParameterLayout& layout = experiment.network->layout();
  add_block("raw/", layout, snapshot.raw, arrays);
  for (std::size_t i = 0; i < snapshot.optimizer.blocks.size(); ++i)
    add_block(block_name(i), layout, snapshot.optimizer.blocks[i], arrays);
  return arrays;
}

void restore_state(const ArrayFile& file, RunOrigin& origin, Session& session) {
  check_same_run(file, origin, session.experiment());
  TrainingSnapshot snapshot = read_snapshot(file, session.experiment());
  origin.weights = file.text("weights");
  session.trainer().restore(std::move(snapshot));
}

}  // namespace nullcline
