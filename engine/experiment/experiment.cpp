#include "engine/experiment/experiment.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "engine/experiment/matrix.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/schema.h"
#include "engine/experiment/weights_file.h"
#include "engine/networks/initializer.h"
#include "engine/tasks/batch.h"
#include "engine/training/backpropagation.h"

namespace nullcline {

namespace {

/// A document nests a handful of levels, and its objects have a few dozen fields. More than this means harm:
/// values are walked by recursion, and fields are found by looking at one after the other.
constexpr int deepest_nesting = 64;
constexpr int most_fields = 1000;

constexpr int most_steps = 100000;
/// What a run may need: WebAssembly has 2 GiB for everything, a 64-bit machine as good as no limit of its
/// own.
constexpr double most_bytes = sizeof(void*) == 4 ? 1.6e9 : 64e9;

template <class Type>
void add_definitions(Json& schema, const std::string& kind, const std::vector<Type>& types) {
  for (const Type& type : types) schema["$defs"][kind][type.name] = type.schema;
}

Json make_description() {
  Json definitions = Json::object();
  add_definitions(definitions, "task", task_types());
  add_definitions(definitions, "network", network_types());
  add_definitions(definitions, "initializer", initializer_types());
  add_definitions(definitions, "optimizer", optimizer_types());
  add_definitions(definitions, "schedule", schedule_types());
  add_definitions(definitions, "pattern", pattern_types());
  Json schema = object_schema(
      "Nullcline experiment", "Everything that a run needs: task, network, training and seed.",
      {
          Field::integer("nullcline", 1, "Version of the document's format.")
              .title("Format")
              .required()
              .at_least(1)
              .at_most(1),
          Field::text("name", "", 200, "Name of the experiment.").title("Name"),
          Field::integer("seed", 1, "Seed of all random numbers; the same seed gives the same run.")
              .title("Seed")
              .at_least(0)
              .at_most(4294967295.0),
          Field::one_of(
              "conventions", {"standard", "psychrnn"},
              R"(Where PsychRNN's documentation and code differ: "standard" follows the documentation, "psychrnn" the code.)")
              .title("Conventions")
              .advanced(),
          Field::one_of("arithmetic", {"auto", "plain", "fused"},
                        "How products are rounded: twice, once, or whichever is faster here.")
              .title("Arithmetic")
              .advanced(),
          Field::typed("task", "task", names_of(task_types()), "What the network learns to do.")
              .title("Task")
              .required(),
          Field::typed("network", "network", names_of(network_types()), "The network that learns it.")
              .title("Network")
              .required(),
          Field::object("training", "Training", training_fields(), "How it learns."),
          curriculum_field(),
      });
  Json description = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  description.update(schema);
  description.update(definitions);
  return description;
}

/// Parses JSON text; ends with a Failure as soon as it goes beyond the limits.
Json parse_within_limits(const std::string& text) {
  using Event = Json::parse_event_t;
  std::vector<int> fields;  // of each object that is open
  return Json::parse(text, [&fields](int depth, Event event, const Json&) {
    if (depth > deepest_nesting)
      throw Failure({"too_large", "",
                     "The document is nested more than " + std::to_string(deepest_nesting) + " levels deep.",
                     ""});
    if (event == Event::object_start) fields.push_back(0);
    if (event == Event::object_end) fields.pop_back();
    if (event == Event::key && ++fields.back() > most_fields)
      throw Failure({"too_large", "",
                     "An object of the document has more than " + std::to_string(most_fields) + " fields.",
                     ""});
    return true;
  });
}

/// The library's reason without its own name and number in brackets in front, and without the text at fault
/// at the end, which may be long and need not be UTF-8.
std::string reason_of(const Json::exception& error) {
  constexpr std::size_t longest = 200;
  std::string reason = error.what();
  if (const auto end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
  reason.resize(std::min({reason.size(), reason.find("; last read"), longest}));
  return reason;
}

/// Rules that join several fields of a task.
void check_task(const Json& task, const std::string& path, std::vector<Problem>& problems) {
  const double dt = task["dt"], tau = task["tau"];
  if (dt > tau)
    problems.push_back(
        {"out_of_range", path + ".dt",
         path + ".dt must be at most " + path + ".tau, " + shown(tau) + " ms; found " + shown(dt) + " ms.",
         "A time step longer than the time constant makes the simulation unstable."});
  if (!task.contains("T")) return;
  const double steps = std::ceil(task["T"].get<double>() / dt);
  if (!(steps >= 1 && steps <= most_steps))
    problems.push_back({"out_of_range", path + ".T",
                        path + ".T / " + path + ".dt must be 1 to " + std::to_string(most_steps) +
                            " time steps; found " + shown(steps) + ".",
                        "Shorten the trial or lengthen the time step."});
}

std::string stage_path(std::size_t stage) { return "curriculum.stages[" + std::to_string(stage) + "].task"; }

/// The whole task of a stage: the experiment's with what the stage changes, or another one with its time
/// steps.
Json stage_task(const Json& task, const Json& changes) {
  const bool is_other = changes.contains("type") && changes["type"] != task["type"];
  Json whole = is_other ? Json::object() : task;
  for (const char* name : {"dt", "tau", "N_batch"}) whole[name] = task[name];
  whole.update(changes);
  return whole;
}

/// Resolves the stages' tasks, of which only the outside has been looked at, and writes them out whole.
void resolve_stages(Json& document, std::vector<Problem>& problems) {
  if (document["curriculum"].is_null()) return;
  const Json& task = document["task"];
  Json& stages = document["curriculum"]["stages"];
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const std::string path = stage_path(stage);
    const std::size_t before = problems.size();
    Json& whole = stages[stage]["task"];
    whole = resolve(stage_task(task, whole), describe()["properties"]["task"], describe(), path, problems);
    if (problems.size() > before) continue;
    check_task(whole, path, problems);
    for (const char* name : {"dt", "tau", "N_batch"})
      if (whole[name] != task[name])
        problems.push_back({"not_allowed", path + "." + name,
                            path + "." + name + " must be that of the task, " + shown(task[name]) +
                                "; found " + shown(whole[name]) + ".",
                            "The network keeps its time step and its batch through all stages."});
  }
}

void check_arithmetic(const Json& document, std::vector<Problem>& problems) {
  const std::string wanted = document["arithmetic"];
  if (wanted == "auto") return;
  const Arithmetic arithmetic = wanted == "fused" ? Arithmetic::fused : Arithmetic::plain;
  if (arithmetic_available(arithmetic)) return;
  problems.push_back({"not_available", "arithmetic",
                      R"(arithmetic ")" + wanted + R"(" is not to be had from this build on this processor.)",
                      R"(Choose "auto" or "plain".)"});
}

/// What only shows when the experiment is made: sizes that do not fit each other, files, memory.
void check_made(const Json& document, int threads, const FileSource& files, std::vector<Problem>& problems) {
  try {
    const double bytes = training_bytes(make_experiment(document, files), threads);
    if (bytes <= most_bytes) return;
    problems.push_back({"too_large", "network.N_rec",
                        "This experiment needs about " + shown(std::round(bytes / 1e8) / 10) +
                            " GB of memory; at most " + shown(most_bytes / 1e9) + " GB can be had.",
                        "Fewer units, fewer steps or fewer trials per iteration need less."});
  } catch (const Failure& failure) {
    problems.push_back(failure.problem());
  }
}

const Kernels* choose_kernels(const std::string& wanted) {
  if (wanted == "auto") return all_kernels().front();
  return find_kernels(wanted == "plain" ? Arithmetic::plain : Arithmetic::fused);
}

}  // namespace

const Json& describe() {
  static std::mutex mutex;
  static Json description;
  static int described_types = -1;
  const std::lock_guard lock(mutex);
  const int types = added_types;
  if (types != described_types) description = make_description();
  described_types = types;
  return description;
}

Json parse_document(const std::string& text, std::vector<Problem>& problems) {
  if (text.size() > longest_document) {
    problems.push_back({"too_large", "",
                        "The document is " + std::to_string(text.size()) + " bytes long; at most " +
                            std::to_string(longest_document) + " are read.",
                        ""});
    return nullptr;
  }
  // The library takes a zero byte for the end of the text.
  if (text.find('\0') != std::string::npos) {
    problems.push_back({"not_json", "", "The document is not JSON: it holds a zero byte.", ""});
    return nullptr;
  }
  try {
    return parse_within_limits(text);
  } catch (const Json::exception& error) {
    problems.push_back({"not_json", "", "The document is not JSON: " + reason_of(error) + ".", ""});
  } catch (const Failure& failure) {
    problems.push_back(failure.problem());
  }
  return nullptr;
}

Json parse_json(const std::string& text) {
  try {
    return parse_within_limits(text);
  } catch (const Json::exception&) {
    return nullptr;
  } catch (const Failure&) {
    return nullptr;
  }
}

Json resolve_fields(const Json& document, std::vector<Problem>& problems) {
  const std::size_t before = problems.size();
  Json resolved = resolve(document, describe(), describe(), "", problems);
  if (problems.size() > before) return resolved;
  check_task(resolved["task"], "task", problems);
  resolve_stages(resolved, problems);
  check_arithmetic(resolved, problems);
  return resolved;
}

Json resolve_document(const Json& document, std::vector<Problem>& problems, int threads,
                      const FileSource& files) {
  const std::size_t before = problems.size();
  Json whole = document;
  try {
    whole = with_network_of_weights(document, files);
  } catch (const Failure& failure) {
    problems.push_back(failure.problem());
  }
  Json resolved = resolve_fields(whole, problems);
  if (problems.size() == before) check_made(resolved, threads, files, problems);
  return resolved;
}

namespace {

std::unique_ptr<Task> make_task(const Json& section, const Context& context) {
  return named(task_types(), section["type"]).create(section, context);
}

std::unique_ptr<Network> make_network(const Json& section, const Task& task, const Context& context) {
  return named(network_types(), section["type"]).create(section, task, context);
}

/// What a run is to reach, and where the document says so.
struct Goal {
  const Measure& measure;
  std::string measure_path;
  double threshold;
  std::string threshold_path;
};

/// Measures that a task without choices has, for a sentence.
std::string measures_without_choices() {
  std::string names;
  for (const Measure& measure : measures())
    if (!measure.needs_choices) names += (names.empty() ? "" : ", ") + measure.name;
  return names;
}

/// Throws a Failure for a goal that the task has no measure of, or that no network can reach.
void check_goal(const Goal& goal, const Task& task, Conventions conventions) {
  const Measure& measure = goal.measure;
  // PsychRNN counts the answers of a single output as right.
  if (measure.needs_choices && !task.asks_for_choices() && conventions == Conventions::standard)
    throw Failure({"not_allowed", goal.measure_path,
                   goal.measure_path + " must be " + measures_without_choices() +
                       " for this task, in which nothing is chosen; found \"" + measure.name + "\".",
                   ""});
  if (goal.threshold >= measure.least && goal.threshold <= measure.most) return;
  throw Failure({"out_of_range", goal.threshold_path,
                 goal.threshold_path + " must be " + shown(measure.least) + " to " + shown(measure.most) +
                     " for the " + measure.name + "; found " + shown(goal.threshold) + ".",
                 measure.most == 1 ? "90 % is written 0.9." : ""});
}

/// Where a stage of the curriculum has a field, or the curriculum for it.
std::string goal_path(const Json& stage, std::size_t number, const std::string& field) {
  return stage[field].is_null() ? "curriculum." + field
                                : "curriculum.stages[" + std::to_string(number) + "]." + field;
}

Curriculum make_curriculum(const Json& document, const Task& task, const Context& context) {
  Curriculum curriculum;
  const Json& section = document["curriculum"];
  if (section.is_null()) return curriculum;
  curriculum.metric_epoch = section["metric_epoch"];
  curriculum.check_earlier_stages = section["check_earlier_stages"];
  for (const Json& stage : section["stages"]) {
    auto made = make_task(stage["task"], context);
    if (made->N_in() != task.N_in() || made->N_out() != task.N_out())
      throw Failure({"wrong_shape", stage_path(curriculum.stages.size()),
                     stage_path(curriculum.stages.size()) + " must have the task's " +
                         std::to_string(task.N_in()) + " inputs and " + std::to_string(task.N_out()) +
                         " outputs; found " + std::to_string(made->N_in()) + " and " +
                         std::to_string(made->N_out()) + ".",
                     ""});
    const auto own_or_shared = [&](const char* field) -> const Json& {
      return stage[field].is_null() ? section[field] : stage[field];
    };
    const Measure& metric = named(measures(), own_or_shared("metric"));
    const auto threshold = own_or_shared("threshold").get<double>();
    const std::size_t number = curriculum.stages.size();
    check_goal({metric, goal_path(stage, number, "metric"), threshold, goal_path(stage, number, "threshold")},
               *made, context.conventions);
    curriculum.stages.push_back({std::move(made), metric, threshold});
  }
  return curriculum;
}

Context context_of(const Json& resolved, const FileSource& files) {
  return {resolved["conventions"] == "psychrnn" ? Conventions::psychrnn : Conventions::standard, files};
}

}  // namespace

Experiment make_experiment(Json resolved, const FileSource& files) {
  auto task = make_task(resolved["task"], context_of(resolved, files));
  Experiment experiment = make_experiment(std::move(resolved), std::move(task), files);
  experiment.curriculum =
      make_curriculum(experiment.document, *experiment.task, context_of(experiment.document, files));
  return experiment;
}

Experiment make_experiment(Json resolved, std::unique_ptr<Task> task, const FileSource& files) {
  const Context context = context_of(resolved, files);
  Experiment experiment;
  experiment.seed = resolved["seed"];
  experiment.conventions = context.conventions;
  experiment.kernels = choose_kernels(resolved["arithmetic"]);
  experiment.task = std::move(task);
  experiment.network = make_network(resolved["network"], *experiment.task, context);
  experiment.training =
      training_parameters(resolved["training"], *experiment.network, experiment.task->N_batch(), context);
  if (const auto cutoff = experiment.training.performance_cutoff)
    check_goal({experiment.training.performance_measure, "training.performance_measure", *cutoff,
                "training.performance_cutoff"},
               *experiment.task, experiment.conventions);
  experiment.document = std::move(resolved);
  return experiment;
}

Experiment read_experiment(const std::string& text, int threads, const FileSource& files) {
  std::vector<Problem> problems;
  const Json document = parse_document(text, problems);
  Json resolved = problems.empty() ? resolve_document(document, problems, threads, files) : Json();
  if (!problems.empty()) throw Failure(problems.front());
  return make_experiment(std::move(resolved), files);
}

namespace {

int longest_trial(const Experiment& experiment) {
  int steps = experiment.task->N_steps();
  for (const CurriculumStage& stage : experiment.curriculum.stages)
    steps = std::max(steps, stage.task->N_steps());
  return steps;
}

}  // namespace

namespace {

/// Whether some of a task's first trials ask for an answer at some time.
bool asks_for_answers(const Task& task, const Experiment& experiment) {
  TrialSlice slice;
  slice.resize(std::min(trials_per_slice, task.N_batch()), task.N_steps(), task.N_in(), task.N_out());
  draw_slice(task, *experiment.kernels, {experiment.seed, 0, TrialsFor::training}, 0, slice);
  for (int trial = 0; trial < slice.count; ++trial)
    for (int step = 0; step < task.N_steps(); ++step)
      for (int channel = 0; channel < task.N_out(); ++channel)
        if (slice.mask.value(trial, step, channel) != 0) return true;
  return false;
}

}  // namespace

std::optional<Problem> nothing_to_learn(const Experiment& experiment) {
  const auto problem_of = [&](const Task& task, const std::string& path) -> std::optional<Problem> {
    if (task.given_trials() > 0 || asks_for_answers(task, experiment)) return std::nullopt;
    return Problem{"empty_mask", path + ".T",
                   path + ".T, " + shown(task.T()) +
                       " ms, ends the trials before an answer is asked for: their mask is 0 everywhere.",
                   "Lengthen the trial, or let stimulus and answer come earlier."};
  };
  if (auto problem = problem_of(*experiment.task, "task")) return problem;
  const auto& stages = experiment.curriculum.stages;
  for (std::size_t stage = 0; stage < stages.size(); ++stage)
    if (auto problem = problem_of(*stages[stage].task, stage_path(stage))) return problem;
  return std::nullopt;
}

double training_bytes(const Experiment& experiment, int threads) {
  const Task& task = *experiment.task;
  const int steps = longest_trial(experiment);
  const auto parameters = static_cast<double>(experiment.network->layout().size());
  const auto series = [&](int rows) {
    return PanelSeries::bytes(1.0 * slices_for(task.N_batch()) * panels_per_slice, steps, rows);
  };
  const double batch = series(task.N_in()) + 2 * series(task.N_out());
  // A measure has a batch of its own, and its outputs.
  const bool is_measured = experiment.training.performance_cutoff || !experiment.curriculum.stages.empty();
  const double measured = is_measured ? batch + series(task.N_out()) : 0;
  // Gradients of every slice; weights, moments, their last good copies and packed forms.
  const double weights = parameters * sizeof(float) * (slices_for(task.N_batch()) + 12.0);
  const bool penalises_activity = experiment.training.penalises_activity();
  const Segments segments = segments_of(*experiment.network, steps, penalises_activity);
  return batch + measured + weights +
         threads * workspace_bytes(*experiment.network, segments, penalises_activity);
}

}  // namespace nullcline
