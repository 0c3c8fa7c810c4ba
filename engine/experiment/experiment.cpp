#include "engine/experiment/experiment.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/schema.h"
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
std::vector<std::string> add_definitions(Json& schema, const std::string& kind,
                                         const std::vector<Type>& types) {
  std::vector<std::string> names;
  for (const Type& type : types) {
    schema["$defs"][kind][type.name] = type.schema;
    names.push_back(type.name);
  }
  return names;
}

Json make_description() {
  Json definitions = Json::object();
  const auto tasks = add_definitions(definitions, "task", task_types());
  const auto networks = add_definitions(definitions, "network", network_types());
  add_definitions(definitions, "initializer", initializer_types());
  add_definitions(definitions, "optimizer", optimizer_types());
  add_definitions(definitions, "schedule", schedule_types());
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
          Field::typed("task", "task", tasks, "What the network learns to do.").title("Task").required(),
          Field::typed("network", "network", networks, "The network that learns it.")
              .title("Network")
              .required(),
          Field::object("training", "Training", training_fields(), "How it learns."),
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

/// Rules that join several fields.
void check_rules(const Json& document, std::vector<Problem>& problems) {
  const Json& task = document["task"];
  const double dt = task["dt"], tau = task["tau"], T = task["T"];
  if (dt > tau)
    problems.push_back(
        {"out_of_range", "task.dt",
         "task.dt must be at most task.tau, " + shown(tau) + " ms; found " + shown(dt) + " ms.",
         "A time step longer than the time constant makes the simulation unstable."});
  const double steps = std::ceil(T / dt);
  if (!(steps >= 1 && steps <= most_steps))
    problems.push_back({"out_of_range", "task.T",
                        "task.T / task.dt must be 1 to " + std::to_string(most_steps) +
                            " time steps; found " + shown(steps) + ".",
                        "Shorten the trial or lengthen the time step."});
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

void check_memory(const Json& document, int threads, std::vector<Problem>& problems) {
  const double bytes = training_bytes(make_experiment(document), threads);
  if (bytes <= most_bytes) return;
  problems.push_back({"too_large", "network.N_rec",
                      "This experiment needs about " + shown(std::round(bytes / 1e8) / 10) +
                          " GB of memory; at most " + shown(most_bytes / 1e9) + " GB can be had.",
                      "Fewer units, fewer steps or fewer trials per iteration need less."});
}

const Kernels* choose_kernels(const std::string& wanted) {
  const Kernels* fused = find_kernels(Arithmetic::fused);
  if (wanted == "plain" || (wanted == "auto" && fused == nullptr)) return find_kernels(Arithmetic::plain);
  return fused;
}

}  // namespace

const Json& describe() {
  static const Json description = make_description();
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

Json resolve_document(const Json& document, std::vector<Problem>& problems, int threads) {
  const std::size_t before = problems.size();
  Json resolved = resolve(document, describe(), describe(), "", problems);
  if (problems.size() > before) return resolved;
  check_rules(resolved, problems);
  check_arithmetic(resolved, problems);
  if (problems.size() == before) check_memory(resolved, threads, problems);
  return resolved;
}

Experiment make_experiment(Json resolved) {
  const Json& section = resolved["task"];
  const Conventions conventions =
      resolved["conventions"] == "psychrnn" ? Conventions::psychrnn : Conventions::standard;
  for (const TaskType& type : task_types())
    if (section["type"] == type.name) return make_experiment(resolved, type.create(section, conventions));
  throw Failure({"not_allowed", "task.type", "task.type is not a known task.", ""});
}

Experiment make_experiment(Json resolved, std::unique_ptr<Task> task) {
  Experiment experiment;
  experiment.seed = resolved["seed"];
  experiment.conventions =
      resolved["conventions"] == "psychrnn" ? Conventions::psychrnn : Conventions::standard;
  experiment.kernels = choose_kernels(resolved["arithmetic"]);
  experiment.task = std::move(task);
  for (const NetworkType& type : network_types())
    if (resolved["network"]["type"] == type.name)
      experiment.network = type.create(resolved["network"], *experiment.task, experiment.conventions);
  experiment.training = training_parameters(resolved["training"], experiment.task->N_batch());
  experiment.document = std::move(resolved);
  return experiment;
}

Experiment read_experiment(const std::string& text, int threads) {
  std::vector<Problem> problems;
  const Json document = parse_document(text, problems);
  Json resolved = problems.empty() ? resolve_document(document, problems, threads) : Json();
  if (!problems.empty()) throw Failure(problems.front());
  return make_experiment(std::move(resolved));
}

double training_bytes(const Experiment& experiment, int threads) {
  const Task& task = *experiment.task;
  const auto parameters = static_cast<double>(experiment.network->layout().size());
  const double batch = static_cast<double>(slices_for(task.N_batch())) * trials_per_slice * task.N_steps() *
                       (task.N_in() + 2.0 * task.N_out()) * sizeof(float);
  // Gradients of every slice; weights, moments, their last good copies and packed forms.
  const double weights = parameters * sizeof(float) * (slices_for(task.N_batch()) + 12.0);
  return batch + weights + threads * workspace_bytes(*experiment.network, task.N_steps());
}

}  // namespace nullcline
