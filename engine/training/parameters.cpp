#include "engine/training/parameters.h"

#include "engine/math/panels.h"

namespace nullcline {

namespace {

constexpr int most_iterations = 100000000;

template <class Type>
std::vector<std::string> names_of(const std::vector<Type>& types) {
  std::vector<std::string> names;
  for (const Type& type : types) names.push_back(type.name);
  return names;
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
      Field::integer("loss_epoch", 10, "Loss and accuracy are recorded once in so many iterations.")
          .title("Record every")
          .unit("iterations")
          .at_least(1)
          .at_most(most_iterations)
          .advanced(),
      Field::one_of("loss_function", names_of(loss_functions()), "What training makes small.")
          .title("Loss")
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
              Field::one_of("mode", {"per_variable"},
                            "Each weight matrix and bias is clipped by its own norm."),
              Field::number("norm", 1, "Longest gradient that is left as it is.").above(0).at_most(1e9),
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
  parameters.loss_epoch = section["loss_epoch"];
  for (const LossFunction& loss : loss_functions())
    if (section["loss_function"] == loss.name) parameters.loss = loss;
  parameters.clip_grads = section["clip_grads"];
  parameters.clip_norm = section["clip"]["norm"];
  for (const OptimizerType& type : optimizer_types())
    if (section["optimizer"]["type"] == type.name) parameters.optimizer = type.create(section["optimizer"]);
  return parameters;
}

}  // namespace nullcline
