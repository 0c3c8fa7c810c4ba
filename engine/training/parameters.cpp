#include "engine/training/parameters.h"

#include <algorithm>

#include "engine/experiment/matrix.h"
#include "engine/experiment/registry.h"

namespace nullcline {

namespace {

/// A sentence that ends in what each type does: "name: help; name: help."
template <class Type>
std::string with_help(std::string sentence, const std::vector<Type>& types) {
  for (const Type& type : types)
    sentence += (&type == &types.front() ? " " : "; ") + type.name + ": " + type.help;
  return sentence + ".";
}

/// 0 for each parameter that is not trained or has no connection, 1 for the others.
std::vector<float> connected_parameters(const ParameterLayout& layout) {
  std::vector<float> free(layout.size(), 1.0f);
  for (const Variable& variable : layout.variables()) {
    const auto first = free.begin() + static_cast<std::ptrdiff_t>(variable.offset);
    if (!variable.trainable) std::fill_n(first, variable.size(), 0.0f);
    const std::vector<float>& connectivity = variable.constraint.connectivity;
    for (std::size_t i = 0; i < connectivity.size(); ++i)
      if (connectivity[i] == 0) first[static_cast<std::ptrdiff_t>(i)] = 0;
  }
  return free;
}

const Variable& variable_to_fix(const ParameterLayout& layout, const std::string& name,
                                const std::string& path) {
  if (const Variable* variable = layout.find(name)) return *variable;
  const std::vector<std::string> known = names_of(layout.variables());
  const std::string near = nearest_name(name, known);
  throw Failure({"unknown_field", path,
                 path + " is not a weight of this network; its weights are " + listed(known, "and") + ".",
                 near.empty() ? "" : "Did you mean \"" + near + "\"?"});
}

/// For each parameter the share of its gradient that counts; empty where all of all do.
std::vector<float> free_parameters(const Json& fixed_weights, const ParameterLayout& layout,
                                   const Context& context) {
  std::vector<float> free = connected_parameters(layout);
  for (const auto& [name, value] : fixed_weights.items()) {
    const std::string path = "training.fixed_weights." + shortened(name);
    const Variable& variable = variable_to_fix(layout, name, path);
    if (value.is_null()) continue;
    const std::vector<float> fixed = make_matrix(value, variable.rows, variable.columns, path, context.files);
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      if (!(fixed[i] >= 0 && fixed[i] <= 1))
        throw Failure({"out_of_range", path,
                       path + " must hold numbers from 0 (free) to 1 (fixed); found " + shown(fixed[i]) + ".",
                       ""});
      free[variable.offset + i] *= 1 - fixed[i];
    }
  }
  const bool all = std::all_of(free.begin(), free.end(), [](float share) { return share == 1; });
  return all ? std::vector<float>() : free;
}

Json fixed_weights_schema() {
  Json matrix = matrix_field("", "free", "1 where a weight never moves, 0 where it is free.").schema();
  matrix.erase("default");
  return {{"title", "Fixed weights"},
          {"type", "object"},
          {"properties", Json::object()},
          {"additionalProperties", matrix},
          {"default", Json::object()}};
}

/// What is made small, how, and how fast.
std::vector<Field> descent_fields() {
  return {
      Field::integer("training_iters", 50000,
                     "Trials to train on, as PsychRNN counts: 50000 at 128 an iteration are 391 updates.")
          .title("Trials to train on")
          .unit("trials")
          .at_least(0)
          .at_most(1e9),
      Field::any_of(
          "iterations", nullptr,
          {null_form("from the trials to train on"), integer_form("number of updates", 0, most_iterations)},
          "Updates of the weights; given, it is used instead of the trials to train on.")
          .title("Iterations")
          .unit("updates")
          .advanced(),
      Field::number("learning_rate", .001, "How far one update moves the weights.")
          .title("Learning rate")
          .above(0)
          .at_most(10),
      Field::typed("schedule", "schedule", names_of(schedule_types()),
                   "How the learning rate changes over the run.")
          .title("Learning rate schedule")
          .advanced(),
      Field::integer("loss_epoch", 10, "Loss and accuracy are recorded once in so many iterations.")
          .title("Record every")
          .unit("iterations")
          .at_least(1)
          .at_most(most_iterations)
          .advanced(),
      Field::one_of("loss_function", names_of(loss_functions()),
                    with_help("What training makes small.", loss_functions()))
          .title("Loss")
          .advanced(),
      Field::one_of(
          "reduction", {"mean", "sum"},
          R"("mean" divides the loss and the penalties by the number of their elements, as PsychRNN's code does; "sum" does not, which gives the norms of PsychRNN's documentation.)")
          .title("Mean or sum")
          .advanced(),
      Field::typed("optimizer", "optimizer", names_of(optimizer_types()), "How gradients become updates.")
          .title("Optimizer")
          .advanced(),
      Field::boolean("clip_grads", true, "Hold back gradients that are too long.")
          .title("Clip gradients")
          .advanced(),
      Field::object(
          "clip", "Gradient clipping",
          {
              Field::one_of("mode", names_of(clip_modes()), with_help("What is clipped.", clip_modes()))
                  .title("What is clipped"),
              Field::number("norm", 1, "Longest gradient that is left as it is.")
                  .title("Longest gradient")
                  .above(0)
                  .at_most(1e9),
          },
          "How gradients are clipped.")
          .advanced(),
  };
}

/// What holds weights back, when training ends, and what is saved on the way.
std::vector<Field> limit_fields() {
  return {
      regularization_field(),
      Field::of("fixed_weights", fixed_weights_schema(),
                "Weights that never move: for each name a matrix that is 1 where the weight is fixed.")
          .optional()
          .advanced(),
      Field::one_of("performance_measure", names_of(measures()),
                    with_help("What the cutoff is compared with.", measures()))
          .title("Performance measure")
          .advanced(),
      Field::any_of(
          "performance_cutoff", nullptr, {null_form("none"), number_form("value to reach", -1e9, 1e9)},
          "Training ends as soon as the measure, taken on fresh trials, reaches this: from below, or from "
          "above for a loss.")
          .title("Performance cutoff")
          .advanced(),
      Field::integer("performance_epoch", 1, "The measure is taken once in so many iterations.")
          .title("Measure every")
          .unit("iterations")
          .at_least(1)
          .at_most(most_iterations)
          .advanced(),
      Field::any_of("save_training_weights_epoch", nullptr,
                    {null_form("never"), integer_form("iterations", 1, most_iterations)},
                    "Weights are saved along the way once in so many iterations.")
          .title("Save weights every")
          .unit("iterations")
          .advanced(),
  };
}

}  // namespace

std::vector<Field> training_fields() {
  std::vector<Field> fields = descent_fields();
  const std::vector<Field> limits = limit_fields();
  fields.insert(fields.end(), limits.begin(), limits.end());
  return fields;
}

bool TrainingParameters::penalises_activity() const {
  return std::any_of(penalties.begin(), penalties.end(),
                     [](const WeightedPenalty& term) { return term.penalty.of_activity != nullptr; });
}

TrainingParameters training_parameters(const Json& section, const Network& network, int N_batch,
                                       const Context& context) {
  TrainingParameters parameters;
  const auto trials = section["training_iters"].get<std::int64_t>();
  parameters.iterations = section["iterations"].is_null() ? static_cast<int>((trials + N_batch - 1) / N_batch)
                                                          : section["iterations"].get<int>();
  parameters.learning_rate = section["learning_rate"];
  parameters.schedule =
      named(schedule_types(), section["schedule"]["type"]).create(section["schedule"], parameters.iterations);
  parameters.loss_epoch = section["loss_epoch"];
  parameters.loss = named(loss_functions(), section["loss_function"]);
  parameters.reduction = section["reduction"] == "sum" ? Reduction::sum : Reduction::mean;
  const Json clip_mode = section["clip_grads"] ? section["clip"]["mode"] : Json("none");
  parameters.clipping = {named(clip_modes(), clip_mode), section["clip"]["norm"]};
  parameters.optimizer = named(optimizer_types(), section["optimizer"]["type"]).create(section["optimizer"]);
  parameters.penalties = make_penalties(section["regularization"]);
  parameters.performance_measure = named(measures(), section["performance_measure"]);
  if (!section["performance_cutoff"].is_null()) parameters.performance_cutoff = section["performance_cutoff"];
  parameters.performance_epoch = section["performance_epoch"];
  if (!section["save_training_weights_epoch"].is_null())
    parameters.save_training_weights_epoch = section["save_training_weights_epoch"];
  parameters.free = free_parameters(section["fixed_weights"], network.layout(), context);
  return parameters;
}

double TrainingParameters::learning_rate_at(int iteration) const {
  return learning_rate * schedule->factor(iteration);
}

}  // namespace nullcline
