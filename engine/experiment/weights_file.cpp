#include "engine/experiment/weights_file.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

/// PsychRNN's names for a weight matrix and its mask.
struct MaskedMatrix {
  const char* weights;
  const char* mask;
};
constexpr MaskedMatrix masked_matrices[] = {
    {"W_in", "input_connectivity"}, {"W_rec", "rec_connectivity"}, {"W_out", "output_connectivity"}};
constexpr int most_units = 1000000;

Array identity(int size) {
  const auto units = static_cast<std::size_t>(size);
  std::vector<float> values(units * units, 0.0f);
  for (std::size_t i = 0; i < units; ++i) values[i * (units + 1)] = 1;
  return {{units, units}, std::move(values)};
}

/// A vector may stand in a file as a row, a column or without a second dimension.
Shape without_ones(Shape shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), 1u), shape.end());
  return shape;
}

std::vector<float> read_variable(const ArrayFile& file, const Variable& variable) {
  const Array array = file.get(variable.name);
  const std::string place = file.name() + ": " + variable.name;
  std::vector<float> values = to_floats(array, place);
  const Shape wanted = file_shape(variable);
  if (without_ones(array.shape) != without_ones(wanted))
    throw Failure({"wrong_shape", place,
                   place + " must have the shape " + shown(wanted) + "; found " + shown(array.shape) + ".",
                   "The shape follows from N_rec and from the channels of the task."});
  return values;
}

/// Sets weights to zero where the file's mask does; true when it does anywhere.
bool apply_mask(const ArrayFile& file, const Variable& variable, const char* key, float* weights) {
  if (!file.find(key)) return false;
  const std::vector<float> mask = file.floats(key, file_shape(variable));
  for (std::size_t i = 0; i < mask.size(); ++i) weights[i] *= mask[i];
  return std::any_of(mask.begin(), mask.end(), [](float value) { return value != 1; });
}

/// The diagonal of one of the file's two Dale matrices: a sign for each unit.
std::vector<float> dale_signs(const ArrayFile& file, const char* key, int N_rec) {
  const auto units = static_cast<std::size_t>(N_rec);
  const std::vector<float> matrix = file.floats(key, {units, units});
  std::vector<float> signs(units);
  for (std::size_t i = 0; i < units; ++i) signs[i] = matrix[i * (units + 1)];
  return signs;
}

/// Every row of |weights| times the signs.
void sign_columns(const Variable& variable, const std::vector<float>& signs, float* weights) {
  for (std::size_t i = 0; i < variable.size(); ++i)
    weights[i] = std::abs(weights[i]) * signs[i % static_cast<std::size_t>(variable.columns)];
}

/// Applies the file's Dale's law; the ratio, or 0 where it has none.
double apply_dale(const ArrayFile& file, const Network& network, float* weights) {
  const double ratio = file.find("dale_ratio") ? file.number("dale_ratio") : 0;
  if (!(ratio > 0)) return 0;
  const auto sign = [&](const char* name, const std::vector<float>& signs) {
    if (const Variable* variable = network.layout().find(name))
      sign_columns(*variable, signs, weights + variable->offset);
  };
  sign("W_in", std::vector<float>(static_cast<std::size_t>(network.N_in()), 1.0f));
  sign("W_rec", dale_signs(file, "Dale_rec", network.N_rec()));
  sign("W_out", dale_signs(file, "Dale_out", network.N_rec()));
  return ratio;
}

}  // namespace

Shape file_shape(const Variable& variable) {
  const auto rows = static_cast<std::size_t>(variable.rows);
  return variable.is_vector ? Shape{rows} : Shape{rows, static_cast<std::size_t>(variable.columns)};
}

std::vector<NamedArray> weights_arrays(const Network& network, const FloatBuffer& effective) {
  std::vector<NamedArray> arrays;
  for (const Variable& variable : network.layout().variables()) {
    const float* first = effective.data() + variable.offset;
    arrays.push_back(
        {variable.name, {file_shape(variable), std::vector<float>(first, first + variable.size())}});
  }
  arrays.emplace_back("Dale_rec", identity(network.N_rec()));
  arrays.emplace_back("Dale_out", identity(network.N_rec()));
  for (const MaskedMatrix& matrix : masked_matrices)
    if (const Variable* variable = network.layout().find(matrix.weights))
      arrays.push_back({matrix.mask, {file_shape(*variable), std::vector<float>(variable->size(), 1.0f)}});
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

GivenWeights read_weights(const ArrayFile& file, const Network& network) {
  GivenWeights given{FloatBuffer(network.layout().size()), ""};
  for (const Variable& variable : network.layout().variables()) {
    const std::vector<float> values = read_variable(file, variable);
    std::copy(values.begin(), values.end(), given.values.data() + variable.offset);
  }
  for (const MaskedMatrix& matrix : masked_matrices) {
    const Variable* variable = network.layout().find(matrix.weights);
    if (variable != nullptr &&
        apply_mask(file, *variable, matrix.mask, given.values.data() + variable->offset))
      given.constraints = std::string("connections left out (") + matrix.mask + ")";
  }
  if (const double ratio = apply_dale(file, network, given.values.data()); ratio > 0)
    given.constraints = "Dale's law (dale_ratio " + shown(ratio) + ")";
  return given;
}

}  // namespace nullcline
