#include "engine/experiment/weights_file.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/experiment/problem.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

/// PsychRNN's names for a weight matrix, its mask and its signs under Dale's law, which inputs have not.
struct MaskedMatrix {
  const char* weights;
  const char* mask;
  const char* signs;
};
constexpr MaskedMatrix masked_matrices[] = {{"W_in", "input_connectivity", nullptr},
                                            {"W_rec", "rec_connectivity", "Dale_rec"},
                                            {"W_out", "output_connectivity", "Dale_out"}};
constexpr int most_units = 1000000;

/// An initial state of which each trial of a batch has a row gives every other number of trials its first
/// row.
std::vector<float> fit_rows(const Array& array, const Variable& variable, std::vector<float> values) {
  const auto width = static_cast<std::size_t>(variable.columns);
  const bool fits = array.shape.size() == 2 && array.shape[0] >= 1 && array.shape[1] == width;
  if (!variable.is_row_a_trial || !fits || values.size() == variable.size()) return values;
  std::vector<float> rows;
  for (int row = 0; row < variable.rows; ++row)
    rows.insert(rows.end(), values.begin(), values.begin() + variable.columns);
  return rows;
}

std::vector<float> read_variable(const ArrayFile& file, const Variable& variable) {
  const Array array = file.get(variable.name);
  const std::string place = file.name() + ": " + variable.name;
  std::vector<float> values = fit_rows(array, variable, to_floats(array, place));
  const Shape wanted = file_shape(variable);
  if (values.size() != variable.size() ||
      (!variable.is_row_a_trial && without_ones(array.shape) != without_ones(wanted)))
    throw Failure({"wrong_shape", place,
                   place + " must have the shape " + shown(wanted) + "; found " + shown(array.shape) + ".",
                   "The shape follows from N_rec and from the channels of the task."});
  return values;
}

/// Sets weights to zero where the file's mask does.
void apply_mask(const ArrayFile& file, const Variable& variable, const char* key, float* weights) {
  if (!file.find(key)) return;
  const std::vector<float> mask = file.floats(key, file_shape(variable));
  for (std::size_t i = 0; i < mask.size(); ++i) weights[i] *= mask[i];
}

/// The diagonal of one of the file's two Dale matrices: a sign for each unit.
std::vector<float> dale_signs(const ArrayFile& file, const char* key, std::size_t units) {
  const std::vector<float> matrix = file.floats(key, {units, units});
  std::vector<float> signs(units);
  for (std::size_t i = 0; i < units; ++i) {
    signs[i] = matrix[i * (units + 1)];
    const std::string place = file.name() + ": " + key;
    if (signs[i] != 0 && std::abs(signs[i]) != 1)
      throw Failure({"out_of_range", place,
                     place + " must hold 1, 0 or -1 on its diagonal; found " +
                         shown(static_cast<double>(signs[i])) + " for unit " + std::to_string(i) + ".",
                     ""});
  }
  return signs;
}

/// The file's Dale's ratio, or 0 where it has none.
double file_dale_ratio(const ArrayFile& file) {
  const double ratio = file.find("dale_ratio") ? file.number("dale_ratio") : 0;
  const std::string place = file.name() + ": dale_ratio";
  if (ratio > 1)
    throw Failure({"out_of_range", place, place + " must be at most 1; found " + shown(ratio) + ".",
                   "0 or less, None or nothing stand for no Dale's law."});
  return ratio;
}

/// Makes every column of |weights| have the file's sign.
void sign_columns(const ArrayFile& file, const Variable& variable, const char* key, float* weights) {
  const auto units = static_cast<std::size_t>(variable.columns);
  const std::vector<float> signs =
      key == nullptr ? std::vector<float>(units, 1.0f) : dale_signs(file, key, units);
  for (std::size_t i = 0; i < variable.size(); ++i) weights[i] = std::abs(weights[i]) * signs[i % units];
}

/// Signs as a matrix, as PsychRNN has them; the identity where there are none.
Array diagonal(const std::vector<float>& signs, int size) {
  const auto units = static_cast<std::size_t>(size);
  std::vector<float> values(units * units, 0.0f);
  for (std::size_t i = 0; i < units; ++i) values[i * (units + 1)] = signs.empty() ? 1.0f : signs[i];
  return {{units, units}, std::move(values)};
}

Array filled(const Shape& shape, float value) {
  std::size_t size = 1;
  for (const std::size_t length : shape) size *= length;
  return {shape, std::vector<float>(size, value)};
}

Json nested(const std::vector<float>& values, std::size_t columns) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < values.size(); i += columns)
    rows.push_back(std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(i),
                                      values.begin() + static_cast<std::ptrdiff_t>(i + columns)));
  return rows;
}

/// PsychRNN's base class looks for these in every file; a network that lacks them, an LSTM, never uses them.
void add_base_arrays(const Network& network, std::vector<NamedArray>& arrays) {
  const auto N_in = static_cast<std::size_t>(network.N_in()),
             N_rec = static_cast<std::size_t>(network.N_rec());
  const std::vector<NamedArray> base = {
      {"W_in", filled({N_rec, N_in}, 0)},
      {"W_rec", filled({N_rec, N_rec}, 0)},
      {"b_rec", filled({N_rec}, 0)},
      {"init_state", filled({1, N_rec}, 0)},
      {"input_connectivity", filled({N_rec, N_in}, 1)},
      {"rec_connectivity", filled({N_rec, N_rec}, 1)},
  };
  for (const NamedArray& array : base)
    if (std::none_of(arrays.begin(), arrays.end(),
                     [&](const NamedArray& there) { return there.first == array.first; }))
      arrays.push_back(array);
}

/// The file of weights that a document's initializer names.
std::optional<std::string> weights_path(const Json& document) {
  const Json* place = &document;
  for (const char* name : {"network", "initializer", "load_weights_path"}) {
    if (!place->is_object() || !place->contains(name)) return std::nullopt;
    place = &(*place)[name];
  }
  return place->is_string() ? std::optional(place->get<std::string>()) : std::nullopt;
}

}  // namespace

Shape file_shape(const Variable& variable) {
  const auto rows = static_cast<std::size_t>(variable.rows);
  return variable.is_vector ? Shape{rows} : Shape{rows, static_cast<std::size_t>(variable.columns)};
}

void add_block(const std::string& prefix, const ParameterLayout& layout, const FloatBuffer& block,
               std::vector<NamedArray>& arrays) {
  for (const Variable& variable : layout.variables()) {
    const float* first = block.data() + variable.offset;
    arrays.push_back(
        {prefix + variable.name, {file_shape(variable), std::vector<float>(first, first + variable.size())}});
  }
}

std::vector<NamedArray> weights_arrays(const Network& network, const FloatBuffer& effective) {
  std::vector<NamedArray> arrays;
  add_block("", network.layout(), effective, arrays);
  const auto signs = [&](const char* name) {
    const Variable* variable = network.layout().find(name);
    return diagonal(variable == nullptr ? std::vector<float>() : variable->constraint.column_signs,
                    network.N_rec());
  };
  arrays.emplace_back("Dale_rec", signs("W_rec"));
  arrays.emplace_back("Dale_out", signs("W_out"));
  for (const MaskedMatrix& matrix : masked_matrices)
    if (const Variable* variable = network.layout().find(matrix.weights)) {
      const std::vector<float>& mask = variable->constraint.connectivity;
      arrays.push_back(
          {matrix.mask,
           {file_shape(*variable), mask.empty() ? std::vector<float>(variable->size(), 1.0f) : mask}});
    }
  add_base_arrays(network, arrays);
  if (network.dale_ratio())
    arrays.push_back({"dale_ratio", {{}, std::vector<double>{*network.dale_ratio()}}});
  return arrays;
}

WeightSizes weight_sizes(const ArrayFile& file) {
  const Array readout = file.get("W_out");
  const std::string place = file.name() + ": W_out";
  to_floats(readout, place);
  const auto fits = [](std::size_t length) { return length >= 1 && length <= most_units; };
  if (readout.shape.size() != 2 || !fits(readout.shape[0]) || !fits(readout.shape[1]))
    throw Failure({"wrong_shape", place,
                   place + " must have the shape (N_out, N_rec); found " + shown(readout.shape) + ".", ""});
  return {static_cast<int>(readout.shape[1]), static_cast<int>(readout.shape[0])};
}

FloatBuffer read_weights(const ArrayFile& file, const Network& network) {
  if (file.has("W_f") && network.layout().find("W_f") == nullptr)
    throw Failure({"wrong_network", file.name(),
                   file.name() + " holds the weights of an LSTM, and the document's network is another one.",
                   ""});
  FloatBuffer weights(network.layout().size());
  for (const Variable& variable : network.layout().variables()) {
    const std::vector<float> values = read_variable(file, variable);
    std::copy(values.begin(), values.end(), weights.data() + variable.offset);
  }
  const bool has_dale = file_dale_ratio(file) > 0;
  for (const MaskedMatrix& matrix : masked_matrices) {
    const Variable* variable = network.layout().find(matrix.weights);
    if (variable == nullptr) continue;
    float* first = weights.data() + variable->offset;
    if (variable->constraint.connectivity.empty()) apply_mask(file, *variable, matrix.mask, first);
    if (has_dale && variable->constraint.column_signs.empty())
      sign_columns(file, *variable, matrix.signs, first);
  }
  return weights;
}

std::vector<std::string> changed_weights(const ArrayFile& file, const Network& network) {
  const bool has_dale = file_dale_ratio(file) > 0;
  std::vector<std::string> sentences;
  for (const MaskedMatrix& matrix : masked_matrices) {
    const Variable* variable = network.layout().find(matrix.weights);
    if (variable == nullptr || !file.has(matrix.weights)) continue;
    std::vector<float> own = read_variable(file, *variable);
    apply_mask(file, *variable, matrix.mask, own.data());
    if (has_dale) sign_columns(file, *variable, matrix.signs, own.data());
    std::vector<float> used(own.size());
    apply_constraint(variable->constraint, variable->rows, variable->columns, own.data(), used.data());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < own.size(); ++i) changed += own[i] == used[i] ? 0 : 1;
    if (changed > 0)
      sentences.push_back(file.name() + ": " + matrix.weights + ": " + std::to_string(changed) + " of " +
                          std::to_string(own.size()) +
                          " weights are others under the document's connectivity and Dale's law.");
  }
  return sentences;
}

std::vector<std::string> missing_law(const ArrayFile& file, const Network& network) {
  if (network.dale_ratio() || file_dale_ratio(file) > 0 || !file.has("Dale_rec")) return {};
  const auto units = static_cast<std::size_t>(weight_sizes(file).N_rec);
  const std::vector<float> signs = dale_signs(file, "Dale_rec", units);
  if (std::all_of(signs.begin(), signs.end(), [](float sign) { return sign == 1; })) return {};
  return {file.name() +
          " has signs of the units, but no dale_ratio above 0, as files of PsychRNN before 1.0: " +
          "it is used without Dale's law."};
}

void replace_variables(const ArrayFile& file, const Network& network, FloatBuffer& raw) {
  const std::vector<std::string> names = names_of(network.layout().variables());
  if (file.keys().empty())
    throw Failure({"missing_array", file.name(),
                   file.name() + " must hold at least one variable; found none.",
                   "The network has " + listed(names, "and") + "."});
  for (const std::string& key : file.keys()) {
    const Variable* variable = network.layout().find(key);
    if (variable == nullptr)
      throw Failure({"unknown_field", file.name() + ": " + shortened(key),
                     file.name() + ": " + shortened(key) + " is not a variable of this network, which has " +
                         listed(names, "and") + ".",
                     ""});
    const std::vector<float> values = read_variable(file, *variable);
    std::copy(values.begin(), values.end(), raw.data() + variable->offset);
  }
}

std::vector<std::string> unkept_constraints(const ArrayFile& file, const Network& network) {
  Json found = Json::object();
  take_constraints(file, found);
  std::vector<std::string> sentences;
  const auto tell = [&](const char* key, const char* what) {
    sentences.push_back(file.name() + ": " + key +
                        " was applied to the weights, but training would not keep it: the document's network "
                        "has no " +
                        what + ".");
  };
  for (const MaskedMatrix& matrix : masked_matrices) {
    const Variable* variable = network.layout().find(matrix.weights);
    if (variable != nullptr && variable->constraint.connectivity.empty() && found.contains(matrix.mask))
      tell(matrix.mask, matrix.mask);
  }
  if (found.contains("dale_ratio") && !network.dale_ratio()) tell("dale_ratio", "dale_ratio");
  return sentences;
}

void take_network(const ArrayFile& file, Json& network) {
  if (!network.contains("N_rec")) network["N_rec"] = weight_sizes(file).N_rec;
  take_constraints(file, network);
}

Json with_network_of_weights(Json document, const FileSource& files) {
  if (const auto path = weights_path(document)) {
    const auto file = files.open(*path, "network.initializer.load_weights_path");
    take_network(*file, document["network"]);
  }
  return document;
}

std::vector<std::string> warnings_of_weights(const Json& document, const Network& network,
                                             const FileSource& files) {
  const auto path = weights_path(document);
  if (!path) return {};
  const auto file = files.open(*path, "network.initializer.load_weights_path");
  std::vector<std::string> sentences = missing_law(*file, network);
  for (std::string& sentence : changed_weights(*file, network)) sentences.push_back(std::move(sentence));
  return sentences;
}

void take_constraints(const ArrayFile& file, Json& network) {
  if (network.value("type", Json()) == "LSTM") return;
  for (const MaskedMatrix& matrix : masked_matrices) {
    if (network.contains(matrix.mask) || !file.find(matrix.mask)) continue;
    const Array mask = file.get(matrix.mask);
    const std::vector<float> values = to_floats(mask, file.name() + ": " + matrix.mask);
    const std::string place = file.name() + ": " + matrix.mask;
    for (const float value : values)
      if (value != 0 && value != 1)
        throw Failure({"out_of_range", place,
                       place + " must hold only 0 (no connection) and 1; found " +
                           shown(static_cast<double>(value)) + ".",
                       ""});
    const bool full = std::all_of(values.begin(), values.end(), [](float value) { return value == 1; });
    if (!full && mask.shape.size() == 2) network[matrix.mask] = nested(values, mask.shape[1]);
  }
  const double ratio = file_dale_ratio(file);
  if (!(ratio > 0) || network.contains("dale_ratio") || network.contains("Dale_rec")) return;
  const auto units = static_cast<std::size_t>(weight_sizes(file).N_rec);
  network["dale_ratio"] = ratio;
  network["Dale_rec"] = dale_signs(file, "Dale_rec", units);
  network["Dale_out"] = dale_signs(file, "Dale_out", units);
}

}  // namespace nullcline
