#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nullcline {

using Shape = std::vector<std::size_t>;

/// Python's None, as PsychRNN writes it where a network has no Dale's law.
struct NoValue {};
/// A pickled object that is more than None or a number. It is recognised, never read.
struct PythonObject {};

/// An array of a file, in C order whatever order the file has. Whole numbers and booleans of any width become
/// 64-bit integers; text has no dimensions.
struct Array {
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>, std::string,
                              NoValue, PythonObject>;
  Shape shape;
  Values values;

  template <class Type>
  const Type* get_if() const {
    return std::get_if<Type>(&values);
  }
  bool is_object() const { return get_if<PythonObject>() != nullptr; }
};

/// Number of values of an array of that shape.
std::size_t values_in(const Shape& shape);

/// The shape without dimensions of length 1: a vector may stand in a file as a row, a column or without a
/// second dimension.
Shape without_ones(Shape shape);

/// "(3, 4)", as Python writes it.
std::string shown(const Shape& shape);

/// Reads a .npy file (format 1.0, 2.0 or 3.0; floats, integers and booleans of any byte and memory order;
/// text and pickled None or numbers without dimensions). `name` is what messages call it, for example "w.npz:
/// W_in". Throws a Failure with the code "bad_file".
Array read_npy(std::string_view bytes, const std::string& name);

/// Longest beginning of a .npy file that `holds_object` looks at.
constexpr std::size_t longest_npy_header = 65536;

/// True when the file that begins with `bytes` is an array of pickled objects.
bool holds_object(std::string_view bytes);

/// Writes a .npy file of format 1.0. The array must hold numbers or text.
std::string write_npy(const Array& array);

}  // namespace nullcline
