#include "engine/training/parameters.h"

#include <algorithm>

namespace nullcline {

namespace {

template <class Type>
std::vector<std::string> names_of(const std::vector<Type>& types) {
  std::vector<std::string> names;
  for (const Type& type : types) names.push_back(type.name);
  return names;
}

/// The type that the document names; it has been validated.
template <class Type>
const Type& named(const std::vector<Type>& types, const Json& name) {
  return *std::find_if(types.begin(), types.end(), [&](const Type& type) { return name == type.name; });
}

/// A sentence that ends in what each type does: "name: help; name: help."
template <class Type>
std::string with_help(std::string sentence, const std::vector<Type>& types) {
  for (const Type& type : types)
    sentence += (&type == &types.front() ? " " : "; ") + type.name + ": " + type.help;
  return sentence + ".";
}

}  // namespace

std::vector<Field> training_fields() {
  Json iterations_form = integer_form("number of updates");
  iterations_form["minimum"] = 0;
  iterations_form["maximum"] = most_iterations;
  return {
      Field::integer("training_iters", 50000,
                     "Trials to train on, as PsychRNN counts: 50000 at 128 an iteration are 391 updates.")
          .title("Trials to train on")
          .unit("trials")
          .at_least(0)
          .at_most(1e9),
      Field::any_of("iterations", nullptr, {null_form("from the trials to train on"), iterations_form},
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

TrainingParameters training_parameters(const Json& section, int N_batch) {
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
  return parameters;
}

double TrainingParameters::learning_rate_at(int iteration) const {
  return learning_rate * schedule->factor(iteration);
}

}  // namespace nullcline
