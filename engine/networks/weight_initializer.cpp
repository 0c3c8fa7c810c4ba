#include "engine/experiment/array_file.h"
#include "engine/networks/registry.h"

namespace nullcline {

namespace {

/// The names of arrays that stand for those of a file: {"file": …, "key": name} for each that is not given.
Json with_file(Json parameters, const Context& context) {
  if (parameters["load_weights_path"].is_null()) return parameters;
  const auto name = parameters["load_weights_path"].get<std::string>();
  context.files.open(name,
                     "network.initializer.load_weights_path");  // says where it is named if it is not there
  for (const char* key : {"W_in", "W_rec", "W_out", "b_rec", "b_out", "init_state"}) {
    if (!parameters[key].is_null()) continue;
    parameters[key] = {{"file", name}, {"key", key}};
  }
  return parameters;
}

}  // namespace

InitializerType weight_initializer() {
  return {
      "WeightInitializer",
      type_schema("WeightInitializer", "Independent weights, or given ones",
                  "Every weight is drawn on its own, or all come from a file.", "Glorot & Bengio 2010",
                  random_initializer_fields(
                      {Field::any_of("load_weights_path", nullptr,
                                     {null_form("drawn"), text_form("file of weights (.npz)", longest_name)},
                                     "File whose weights are used where none are given here.")
                           .title("Weights file")})),
      [](const Json& parameters, const NetworkSizes& sizes,
         const Context& context) -> std::unique_ptr<Initializer> {
        return std::make_unique<RandomInitializer>(with_file(parameters, context), sizes, context);
      }};
}

}  // namespace nullcline
