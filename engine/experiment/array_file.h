#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/npy.h"

namespace nullcline {

/// Characters that a document may use to name a file or a key.
inline constexpr int longest_name = 1000;

using NamedArray = std::pair<std::string, Array>;

/// A file of named arrays (.npz), read array by array. What holds the arrays (a zip archive here, what a page
/// was given there) is the derived class's business.
class ArrayFile {
 public:
  explicit ArrayFile(std::string name) : name_(std::move(name)) {}
  ArrayFile(const ArrayFile&) = delete;
  ArrayFile& operator=(const ArrayFile&) = delete;
  virtual ~ArrayFile() = default;

  /// What messages call the file.
  const std::string& name() const { return name_; }
  virtual const std::vector<std::string>& keys() const = 0;
  bool has(const std::string& key) const;

  /// The array of that key, which must be there. Throws a Failure that names file and key.
  Array get(const std::string& key) const;
  /// The same; nothing where the key, or its value, is missing (None).
  std::optional<Array> find(const std::string& key) const;

  /// Numbers, which must have that shape and be finite.
  std::vector<float> floats(const std::string& key, const Shape& shape) const;
  std::vector<double> doubles(const std::string& key, const Shape& shape) const;
  /// A single number, a single text.
  double number(const std::string& key) const;
  std::string text(const std::string& key) const;

  /// Fingerprint of all that the file holds, in the order of the keys.
  std::string fingerprint() const;

  /// A sentence for each array that is never read: pickled objects that are neither None nor a number.
  std::vector<std::string> warnings() const;

 protected:
  /// The .npy file of a key that is there.
  virtual std::string bytes(const std::string& key) const = 0;
  /// At most so many bytes of its beginning.
  virtual std::string beginning(const std::string& key, std::size_t most) const;

 private:
  std::string name_;
};

/// The numbers of an array that messages call `place`. Throws a Failure where they are not numbers, or not
/// finite, or have not the shape that is wanted.
std::vector<float> to_floats(const Array& array, const std::string& place);
std::vector<float> to_floats(const Array& array, const Shape& shape, const std::string& place);

}  // namespace nullcline
