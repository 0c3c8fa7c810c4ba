#pragma once

#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/schema.h"

namespace nullcline {

/// A named pattern of zeros and ones.
struct PatternType {
  std::string name;
  Json schema;
};

/// All patterns, in the order in which forms list them.
const std::vector<PatternType>& pattern_types();

/// A field that holds a matrix: null (what that means is `without`), nested lists, an array of a file
/// ({"file", "key"}), or a named pattern of zeros and ones ({"pattern", …}).
Field matrix_field(std::string name, const std::string& without, std::string help);

/// A field that holds a vector: null, a list, or an array of a file.
Field vector_field(std::string name, const std::string& without, std::string help);

/// The values, rows × columns, row-major, of such a field that is not null. A dimension of 1 may be left out
/// of lists and arrays. `path` is the field's place in the document; a Failure that names it is thrown where
/// the value does not fit.
std::vector<float> make_matrix(const Json& value, int rows, int columns, const std::string& path,
                               const FileSource& files);

}  // namespace nullcline
