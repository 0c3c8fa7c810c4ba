#include "engine/networks/constraints.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/matrix.h"

namespace nullcline {

namespace {

constexpr const char* section = "network.";

float masked(const WeightConstraint& constraint, std::size_t i, float raw) {
  return constraint.connectivity.empty() ? raw : constraint.connectivity[i] * raw;
}

std::vector<float> connectivity(const Json& network, const char* name, int rows, int columns,
                                const Context& context) {
  const Json& value = network[name];
  if (value.is_null()) return {};
  std::vector<float> mask = make_matrix(value, rows, columns, section + std::string(name), context.files);
  const auto wrong = std::find_if(mask.begin(), mask.end(), [](float v) { return v != 0 && v != 1; });
  if (wrong != mask.end())
    throw Failure({"out_of_range", section + std::string(name),
                   section + std::string(name) +
                       " must hold 1 where a connection exists and 0 where none does; found " +
                       shown(static_cast<double>(*wrong)) + ".",
                   ""});
  const bool full = std::all_of(mask.begin(), mask.end(), [](float v) { return v == 1; });
  return full ? std::vector<float>() : mask;
}

void demand_connections(const std::vector<float>& mask, const char* name, const char* consequence) {
  if (mask.empty() || std::any_of(mask.begin(), mask.end(), [](float v) { return v != 0; })) return;
  const std::string path = section + std::string(name);
  throw Failure({"empty_mask", path, path + " leaves no connection; " + consequence, ""});
}

/// Some connected unit must have a sign at the readout.
void demand_output(const WeightConstraint& output, int N_rec) {
  for (std::size_t i = 0; i < output.column_signs.size(); ++i) {
    if (output.column_signs[i] == 0) continue;
    if (output.connectivity.empty()) return;
    for (std::size_t k = i; k < output.connectivity.size(); k += static_cast<std::size_t>(N_rec))
      if (output.connectivity[k] != 0) return;
  }
  throw Failure(
      {"empty_mask", "network.output_connectivity",
       "network.output_connectivity and the signs at the readout leave no connection; the network could "
       "not answer.",
       "Under Dale's law inhibitory units do not reach the outputs."});
}

void remove_autapses(std::vector<float>& mask, int N_rec) {
  const auto units = static_cast<std::size_t>(N_rec);
  if (mask.empty()) mask.assign(units * units, 1.0f);
  for (std::size_t i = 0; i < units; ++i) mask[i * (units + 1)] = 0;
}

/// Whether a value is a list, or an array of a file with one dimension, rather than a matrix.
bool is_list(const Json& value, const std::string& path, const FileSource& files) {
  if (value.is_array()) return !value.front().is_array();
  const auto file = files.open(value["file"].get<std::string>(), path + ".file");
  return file->get(value["key"].get<std::string>()).shape.size() == 1;
}

/// A list, or the diagonal of the matrix that PsychRNN has.
std::vector<float> list_or_diagonal(const Json& value, const std::string& path, int N_rec,
                                    const Context& context) {
  const auto units = static_cast<std::size_t>(N_rec);
  if (is_list(value, path, context.files)) return make_matrix(value, N_rec, 1, path, context.files);
  const std::vector<float> matrix = make_matrix(value, N_rec, N_rec, path, context.files);
  std::vector<float> diagonal(units);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (i % (units + 1) == 0)
      diagonal[i / (units + 1)] = matrix[i];
    else if (matrix[i] != 0)
      throw Failure({"out_of_range", path,
                     path + " must be a diagonal matrix or a list of signs; found " + shown(matrix[i]) +
                         " in row " + std::to_string(i / units) + ", column " + std::to_string(i % units) +
                         ".",
                     ""});
  }
  return diagonal;
}

/// 1 or -1 for each unit, and 0 where `may_be_zero`.
std::vector<float> given_signs(const Json& value, const char* name, bool may_be_zero, int N_rec,
                               const Context& context) {
  const std::string path = section + std::string(name);
  std::vector<float> signs = list_or_diagonal(value, path, N_rec, context);
  for (std::size_t i = 0; i < signs.size(); ++i)
    if (std::abs(signs[i]) != 1 && !(may_be_zero && signs[i] == 0))
      throw Failure({"out_of_range", path,
                     path + " must hold signs, " + (may_be_zero ? "1, 0 or -1" : "1 or -1") + "; found " +
                         shown(signs[i]) + " for unit " + std::to_string(i) + ".",
                     ""});
  return signs;
}

std::vector<float> first_units(int excitatory, int N_rec, float others) {
  std::vector<float> signs(static_cast<std::size_t>(N_rec), others);
  std::fill_n(signs.begin(), excitatory, 1.0f);
  return signs;
}

std::optional<DaleLaw> make_dale(const Json& network, int N_rec, const Context& context) {
  const bool has_ratio = !network["dale_ratio"].is_null();
  // PsychRNN's code looks at the ratio alone.
  if (!has_ratio && (network["Dale_rec"].is_null() || context.conventions == Conventions::psychrnn))
    return std::nullopt;
  DaleLaw law{0, {}, {}};
  if (has_ratio) {
    law.ratio = network["dale_ratio"];
    law.recurrent = first_units(excitatory_units(law.ratio, N_rec, context.conventions), N_rec, -1);
  }
  if (!network["Dale_rec"].is_null())
    law.recurrent = given_signs(network["Dale_rec"], "Dale_rec", /*may_be_zero=*/false, N_rec, context);
  const auto excitatory =
      std::count_if(law.recurrent.begin(), law.recurrent.end(), [](float sign) { return sign > 0; });
  if (!has_ratio) law.ratio = static_cast<double>(excitatory) / N_rec;
  if (excitatory == 0) {
    const std::string path = section + std::string(network["Dale_rec"].is_null() ? "dale_ratio" : "Dale_rec");
    throw Failure({"out_of_range", path,
                   path + " leaves no excitatory unit among " + std::to_string(N_rec) +
                       "; none would reach the output, which inhibitory units do not project to.",
                   ""});
  }
  for (const float sign : law.recurrent) law.output.push_back(sign > 0 ? 1.0f : 0.0f);
  if (!network["Dale_out"].is_null())
    law.output = given_signs(network["Dale_out"], "Dale_out", /*may_be_zero=*/true, N_rec, context);
  return law;
}

}  // namespace

void apply_constraint(const WeightConstraint& constraint, int rows, int columns, const float* raw,
                      float* effective) {
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  for (std::size_t i = 0; i < size; ++i) {
    const float weight = masked(constraint, i, raw[i]);
    effective[i] = constraint.column_signs.empty()
                       ? weight
                       : std::abs(weight) * constraint.column_signs[i % static_cast<std::size_t>(columns)];
  }
}

void adjoint_constraint(const WeightConstraint& constraint, int rows, int columns, const float* raw,
                        float* gradient) {
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  for (std::size_t i = 0; i < size; ++i) {
    if (!constraint.column_signs.empty()) {
      const float weight = masked(constraint, i, raw[i]);
      const float slope = weight > 0 ? 1.0f : (weight < 0 ? -1.0f : 0.0f);
      gradient[i] *= slope * constraint.column_signs[i % static_cast<std::size_t>(columns)];
    }
    if (!constraint.connectivity.empty()) gradient[i] *= constraint.connectivity[i];
  }
}

int excitatory_units(double dale_ratio, int N_rec, Conventions conventions) {
  const double safety = conventions == Conventions::psychrnn ? 0 : 1e-9;
  return static_cast<int>(dale_ratio * N_rec + safety);
}

std::vector<Field> constraint_fields() {
  return {
      Field::any_of("dale_ratio", nullptr,
                    {null_form("no Dale's law"), number_form("share of excitatory units", 0, 1)},
                    "Share of excitatory units, which come first. Under Dale's law all outgoing weights of a "
                    "unit have one sign, and inhibitory units do not reach the output.")
          .title("Dale's ratio"),
      vector_field("Dale_rec", "excitatory units first",
                   "Sign of each unit, 1 or -1: a list, or PsychRNN's diagonal matrix.")
          .title("Signs of the units")
          .advanced(),
      vector_field("Dale_out", "1 for excitatory units, 0 for inhibitory ones",
                   "Sign of each unit's weights to the outputs; 0 where there are none.")
          .title("Signs at the readout")
          .advanced(),
      Field::boolean("autapses", true, "Let units connect to themselves.").title("Autapses").advanced(),
      matrix_field("input_connectivity", "all connections", "Which inputs reach which units: N_rec × N_in.")
          .title("Input connectivity")
          .advanced(),
      matrix_field("rec_connectivity", "all connections", "Which units reach which: N_rec × N_rec.")
          .title("Recurrent connectivity")
          .advanced(),
      matrix_field("output_connectivity", "all connections",
                   "Which units reach which outputs: N_out × N_rec.")
          .title("Output connectivity")
          .advanced(),
  };
}

Constraints make_constraints(const Json& network, int N_in, int N_rec, int N_out, const Context& context) {
  Constraints constraints;
  constraints.input.connectivity = connectivity(network, "input_connectivity", N_rec, N_in, context);
  constraints.recurrent.connectivity = connectivity(network, "rec_connectivity", N_rec, N_rec, context);
  constraints.output.connectivity = connectivity(network, "output_connectivity", N_out, N_rec, context);
  demand_connections(constraints.input.connectivity, "input_connectivity", "the network would see nothing.");
  demand_connections(constraints.output.connectivity, "output_connectivity", "the network could not answer.");
  if (!network["autapses"].get<bool>()) remove_autapses(constraints.recurrent.connectivity, N_rec);
  constraints.dale = make_dale(network, N_rec, context);
  if (constraints.dale) {
    constraints.input.column_signs.assign(static_cast<std::size_t>(N_in), 1.0f);
    constraints.recurrent.column_signs = constraints.dale->recurrent;
    constraints.output.column_signs = constraints.dale->output;
    demand_output(constraints.output, N_rec);
  } else if (!network["Dale_out"].is_null() && network["Dale_rec"].is_null()) {
    throw Failure({"not_allowed", "network.Dale_out",
                   "network.Dale_out means nothing without network.dale_ratio or network.Dale_rec.", ""});
  }
  return constraints;
}

}  // namespace nullcline
