#include "engine/experiment/array_file.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"
#include "engine/math/fingerprint.h"

namespace nullcline {

namespace {

template <class Value>
std::vector<Value> to_numbers(const Array& array, const std::string& place) {
  std::vector<Value> numbers;
  const auto convert = [&](const auto& values) {
    numbers.assign(values.begin(), values.end());
    const auto wrong =
        std::find_if(numbers.begin(), numbers.end(), [](Value value) { return !std::isfinite(value); });
    if (wrong == numbers.end()) return;
    const auto position = wrong - numbers.begin();
    // What is a number in the file may be none in single precision.
    const bool large = std::isfinite(static_cast<double>(values[static_cast<std::size_t>(position)]));
    bad_file(place, std::string(large ? "holds a value that is too large for single precision, above 3.4e38"
                                      : "holds a value that is not a finite number") +
                        " (value " + std::to_string(position) + ", counted from 0).");
  };
  if (const auto* floats = array.get_if<std::vector<float>>()) {
    convert(*floats);
  } else if (const auto* doubles = array.get_if<std::vector<double>>()) {
    convert(*doubles);
  } else if (const auto* integers = array.get_if<std::vector<std::int64_t>>()) {
    convert(*integers);
  } else if (array.is_object()) {
    bad_file(place, "must hold numbers; found pickled Python objects, which are not read.",
             "Save it from NumPy as an array of floats.");
  } else {
    bad_file(place, array.get_if<NoValue>() != nullptr ? "must hold numbers; found None."
                                                       : "must hold numbers; found text.");
  }
  return numbers;
}

void check_shape(const Array& array, const Shape& wanted, const std::string& place) {
  const bool is_number =
      !array.is_object() && array.get_if<NoValue>() == nullptr && array.get_if<std::string>() == nullptr;
  if (array.shape == wanted || !is_number) return;
  throw Failure({"wrong_shape", place,
                 place + " must have the shape " + shown(wanted) + "; found " + shown(array.shape) + ".",
                 ""});
}

}  // namespace

std::vector<float> to_floats(const Array& array, const std::string& place) {
  return to_numbers<float>(array, place);
}

std::vector<float> to_floats(const Array& array, const Shape& shape, const std::string& place) {
  check_shape(array, shape, place);
  return to_floats(array, place);
}

bool ArrayFile::has(const std::string& key) const {
  return std::find(keys().begin(), keys().end(), key) != keys().end();
}

Array ArrayFile::get(const std::string& key) const {
  if (has(key)) return read_npy(bytes(key), name_ + ": " + key);
  const std::string near = nearest_name(key, keys());
  throw Failure({"missing_array", name_ + ": " + key,
                 name_ + " has no array \"" + key + "\"; it holds " + first_few(keys()) + ".",
                 near.empty() ? "" : "Is it \"" + near + "\" that was meant?"});
}

std::optional<Array> ArrayFile::find(const std::string& key) const {
  if (!has(key)) return std::nullopt;
  Array array = get(key);
  if (array.get_if<NoValue>() != nullptr) return std::nullopt;
  return array;
}

std::vector<float> ArrayFile::floats(const std::string& key, const Shape& shape) const {
  return to_floats(get(key), shape, name_ + ": " + key);
}

std::vector<double> ArrayFile::doubles(const std::string& key, const Shape& shape) const {
  const Array array = get(key);
  check_shape(array, shape, name_ + ": " + key);
  return to_numbers<double>(array, name_ + ": " + key);
}

double ArrayFile::number(const std::string& key) const { return doubles(key, {})[0]; }

std::string ArrayFile::text(const std::string& key) const {
  const Array array = get(key);
  if (const auto* text = array.get_if<std::string>()) return *text;
  bad_file(name_ + ": " + key, "must be a text.");
}

std::string ArrayFile::fingerprint() const {
  std::vector<std::string> sorted = keys();
  std::sort(sorted.begin(), sorted.end());
  Fingerprint fingerprint;
  for (const std::string& key : sorted) {
    fingerprint.add(std::string_view(key));
    fingerprint.add(std::string_view(bytes(key)));
  }
  return fingerprint.text();
}

std::vector<std::string> ArrayFile::warnings() const {
  std::vector<std::string> sentences;
  for (const std::string& key : keys())
    if (holds_object(beginning(key, longest_npy_header)) && get(key).is_object())
      sentences.push_back(name_ + ": " + key + " holds pickled Python objects and was skipped.");
  return sentences;
}

std::string ArrayFile::beginning(const std::string& key, std::size_t most) const {
  return bytes(key).substr(0, most);
}

}  // namespace nullcline
