#include "engine/experiment/lesion_file.h"

#include <cmath>

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

/// The values of a key that must have so many dimensions, the last two of which are N_rec.
std::vector<float> square_matrices(const ArrayFile& file, const char* key, std::size_t dimensions,
                                   int N_rec) {
  const Array array = file.get(key);
  const std::string place = file.name() + ": " + key;
  const Shape& shape = array.shape;
  const auto units = static_cast<std::size_t>(N_rec);
  if (shape.size() != dimensions || shape[dimensions - 1] != units || shape[dimensions - 2] != units)
    throw Failure({"wrong_shape", place,
                   place + " must have the shape " + (dimensions == 3 ? "(steps, " : "(") +
                       std::to_string(N_rec) + ", " + std::to_string(N_rec) + ")" + "; found " +
                       shown(shape) + ".",
                   ""});
  return to_floats(array, place);
}

std::vector<int> unit_numbers(const ArrayFile& file) {
  constexpr float most = 1e6f;
  const std::string place = file.name() + ": units";
  std::vector<int> units;
  for (const float number : to_floats(file.get("units"), place)) {
    if (!(number >= 0 && number <= most && number == std::floor(number)))
      throw Failure({"out_of_range", place,
                     place + " must hold numbers of units, counted from 0; found " +
                         shown(static_cast<double>(number)) + ".",
                     ""});
    units.push_back(static_cast<int>(number));
  }
  return units;
}

}  // namespace

Lesion lesion_of(const ArrayFile& file, int N_rec) {
  Lesion lesion;
  const bool changing = file.has("t_connectivity"), constant = file.has("connectivity");
  if (changing && constant)
    throw Failure({"not_allowed", file.name(),
                   file.name() + " must hold either t_connectivity or connectivity; found both.", ""});
  if (changing) lesion.connectivity = square_matrices(file, "t_connectivity", 3, N_rec);
  if (constant) lesion.connectivity = square_matrices(file, "connectivity", 2, N_rec);
  lesion.changes_in_time = changing;
  if (file.has("units")) lesion.units = unit_numbers(file);
  if (file.has("window")) {
    const std::vector<double> window = file.doubles("window", {2});
    lesion.window = Window{window[0], window[1]};
  }
  if (!changing && !constant && !file.has("units"))
    throw Failure({"missing_field", file.name(),
                   file.name() + " must hold t_connectivity, connectivity or units; found none of them.",
                   ""});
  return lesion;
}

}  // namespace nullcline
