#include "engine/experiment/matrix.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/math/elementary.h"
#include "engine/math/random.h"

namespace nullcline {

namespace {

struct Size {
  int rows;
  int columns;
};

std::string rows_by_columns(Size size) {
  return std::to_string(size.rows) + " × " + std::to_string(size.columns);
}

[[noreturn]] void wrong_shape(const std::string& path, Size wanted, const std::string& found) {
  throw Failure({"wrong_shape", path,
                 path + " must be " + rows_by_columns(wanted) + " numbers (to × from); found " + found + ".",
                 ""});
}

/// The value at (row, column).
using Value = std::function<double(int row, int column)>;

/// A pattern of a matrix: what its fields are, and its values.
struct Pattern {
  std::string name;
  std::string help;
  std::vector<Field> fields;
  /// Null for modules, which are made as a whole.
  Value (*values)(const Json& fields, Size size);
};

Field whole(const char* name, const char* help) {
  return Field::integer(name, 0, help).at_least(0).at_most(1e6).required();
}

Field seed_field() {
  return Field::integer("seed", 1, "Seed of the pattern's own random numbers.")
      .at_least(0)
      .at_most(4294967295.0);
}

/// Uniform in [0, 1), addressed by row and column.
Value uniform(const Json& fields) {
  return [seed = fields["seed"].get<std::uint32_t>()](int row, int column) {
    const auto words =
        random_words(seed, Purpose::connectivity,
                     {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column), 0, 0});
    return words[0] * 0x1p-32;
  };
}

/// Where a unit stands on a line or ring of length 1.
double position(int index, int count) { return static_cast<double>(index) / count; }

double distance(Size size, int row, int column) {
  return std::abs(position(row, size.rows) - position(column, size.columns));
}

/// From `first` up to, but not including, `end`.
struct Stretch {
  Stretch(const Json& fields, const char* from, const char* to) : first(fields[from]), end(fields[to]) {}
  bool holds(int index) const { return index >= first && index < end; }
  int first;
  int end;
};

/// Numbers that are far inside those of 32 bits.
Json number_in_range() { return {{"type", "number"}, {"minimum", -1e9}, {"maximum", 1e9}}; }

Json module_sizes_schema() {
  return {{"title", "units of each module"},
          {"type", "array"},
          {"items", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1e6}}},
          {"minItems", 1},
          {"maxItems", 1000}};
}

Json module_table_schema() {
  Json row = {{"type", "array"}, {"items", number_in_range()}, {"minItems", 1}, {"maxItems", 1000}};
  return {{"title", "to × from"}, {"type", "array"}, {"items", row}, {"minItems", 1}, {"maxItems", 1000}};
}

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {
      {"full",
       "Every connection exists.",
       {},
       [](const Json&, Size) -> Value { return [](int, int) { return 1.0; }; }},
      {"none",
       "No connection exists.",
       {},
       [](const Json&, Size) -> Value { return [](int, int) { return 0.0; }; }},
      {"diagonal",
       "Each unit is connected with the one of its own number.",
       {},
       [](const Json&, Size) -> Value {
         return [](int row, int column) { return row == column ? 1.0 : 0.0; };
       }},
      {"modules",
       "Units in modules, one after the other; connected[i][j] is 1 where module j projects to module i.",
       {Field::of("sizes", module_sizes_schema(),
                  "Units of each module; they add up to the number of units."),
        Field::of("connected", module_table_schema(), "One row of numbers for each module.")},
       nullptr},
      {"random",
       "Each connection exists with the same probability.",
       {Field::number("density", .1, "Share of the connections that exist, about.").at_least(0).at_most(1),
        seed_field()},
       [](const Json& fields, Size) -> Value {
         return [number = uniform(fields), density = fields["density"].get<double>()](int row, int column) {
           return number(row, column) < density ? 1.0 : 0.0;
         };
       }},
      {"ring",
       "Units stand on a ring and are connected with those near them.",
       {Field::number("width", .1, "Largest distance, as a share of the ring.").at_least(0).at_most(.5)},
       [](const Json& fields, Size size) -> Value {
         return [size, width = fields["width"].get<double>()](int row, int column) {
           const double apart = distance(size, row, column);
           return std::min(apart, 1 - apart) <= width ? 1.0 : 0.0;
         };
       }},
      {"distance",
       "Units stand on a line of length 1; a connection exists with the probability exp(−distance / length).",
       {Field::number("length", .2, "Distance over which the probability falls to 37 %.")
            .above(0)
            .at_most(1000),
        seed_field()},
       [](const Json& fields, Size size) -> Value {
         return
             [number = uniform(fields), size, length = fields["length"].get<double>()](int row, int column) {
               const double apart = distance(size, row, column) / length;
               return number(row, column) < natural_exponential(-apart) ? 1.0 : 0.0;
             };
       }},
      {"rows",
       "Rows from … up to, but not including, ….",
       {whole("from", "First row, counted from 0."), whole("to", "The row after the last.")},
       [](const Json& fields, Size) -> Value {
         return [rows = Stretch(fields, "from", "to")](int row, int) { return rows.holds(row) ? 1.0 : 0.0; };
       }},
      {"columns",
       "Columns from … up to, but not including, ….",
       {whole("from", "First column, counted from 0."), whole("to", "The column after the last.")},
       [](const Json& fields, Size) -> Value {
         return [columns = Stretch(fields, "from", "to")](int, int column) {
           return columns.holds(column) ? 1.0 : 0.0;
         };
       }},
      {"block",
       "A rectangle of rows and columns.",
       {whole("row_from", "First row, counted from 0."), whole("row_to", "The row after the last."),
        whole("column_from", "First column, counted from 0."),
        whole("column_to", "The column after the last.")},
       [](const Json& fields, Size) -> Value {
         return [rows = Stretch(fields, "row_from", "row_to"),
                 columns = Stretch(fields, "column_from", "column_to")](int row, int column) {
           return rows.holds(row) && columns.holds(column) ? 1.0 : 0.0;
         };
       }},
  };
  return all;
}

Json pattern_schema(const Pattern& pattern) {
  std::vector<Field> fields = {Field::constant("pattern", pattern.name)};
  fields.insert(fields.end(), pattern.fields.begin(), pattern.fields.end());
  return object_schema("pattern \"" + pattern.name + "\"", pattern.help, fields);
}

Json file_form() {
  return object_schema("array of a file", "An array of a file of arrays (.npz).",
                       {Field::text("file", "", longest_name, "Name of the file.").required(),
                        Field::text("key", "", longest_name, "Name of the array in the file.").required()});
}

/// A list of numbers or of lists of numbers.
Json values_form(const std::string& title) {
  constexpr int most = 1000000;
  const Json number = number_in_range();
  const Json row = {{"type", "array"}, {"items", number}, {"minItems", 1}, {"maxItems", most}};
  return {{"title", title},
          {"type", "array"},
          {"items", {{"anyOf", Json::array({number, row})}}},
          {"minItems", 1},
          {"maxItems", most}};
}

/// Rules of a pattern that depend on the size of the matrix.
void check_modules(const Json& value, Size size, const std::string& path) {
  int units = 0;
  for (const Json& module : value["sizes"]) units += module.get<int>();
  if (units != size.rows || units != size.columns)
    throw Failure({"wrong_shape", path + ".sizes",
                   path + ".sizes must add up to the number of units, " + std::to_string(size.rows) +
                       ", for a matrix of " + rows_by_columns(size) + "; found " + std::to_string(units) +
                       ".",
                   ""});
  const std::size_t modules = value["sizes"].size();
  const Json& table = value["connected"];
  const bool square =
      table.size() == modules &&
      std::all_of(table.begin(), table.end(), [&](const Json& row) { return row.size() == modules; });
  if (!square)
    throw Failure({"wrong_shape", path + ".connected",
                   path + ".connected must hold " + std::to_string(modules) + " lists of " +
                       std::to_string(modules) + " numbers, one for each module; found " + shown(table) + ".",
                   ""});
}

/// The module of each unit, in order.
std::vector<std::size_t> modules_of(const Json& sizes) {
  std::vector<std::size_t> modules;
  for (std::size_t module = 0; module < sizes.size(); ++module)
    modules.insert(modules.end(), sizes[module].get<std::size_t>(), module);
  return modules;
}

std::vector<float> from_modules(const Json& value, Size size) {
  const std::vector<std::size_t> module = modules_of(value["sizes"]);
  const auto table = value["connected"].get<std::vector<std::vector<float>>>();
  std::vector<float> values;
  for (std::size_t row = 0; row < static_cast<std::size_t>(size.rows); ++row)
    for (std::size_t column = 0; column < static_cast<std::size_t>(size.columns); ++column)
      values.push_back(table[module[row]][module[column]]);
  return values;
}

/// Stretches of rows and columns must be inside the matrix.
void check_stretch(const Json& value, const char* from, const char* to, int length, const std::string& path) {
  if (!value.contains(from)) return;
  const int first = value[from], end = value[to];
  if (first < end && end <= length) return;
  throw Failure({"out_of_range", path + "." + to,
                 path + "." + to + " must be above " + from + ", " + std::to_string(first) +
                     ", and at most " + std::to_string(length) + "; found " + std::to_string(end) + ".",
                 ""});
}

void check_stretches(const Json& value, Size size, const std::string& path) {
  const bool columns = value["pattern"] == "columns";
  check_stretch(value, "from", "to", columns ? size.columns : size.rows, path);
  check_stretch(value, "row_from", "row_to", size.rows, path);
  check_stretch(value, "column_from", "column_to", size.columns, path);
}

std::vector<float> from_pattern(const Json& value, Size size, const std::string& path) {
  const auto found = std::find_if(patterns().begin(), patterns().end(),
                                  [&](const Pattern& pattern) { return value["pattern"] == pattern.name; });
  check_stretches(value, size, path);
  if (found->name == "modules") {
    check_modules(value, size, path);
    return from_modules(value, size);
  }
  const Value at = found->values(value, size);
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(size.rows) * static_cast<std::size_t>(size.columns));
  for (int row = 0; row < size.rows; ++row)
    for (int column = 0; column < size.columns; ++column)
      values.push_back(static_cast<float>(at(row, column)));
  return values;
}

std::vector<float> from_lists(const Json& value, Size size, const std::string& path) {
  const bool nested = value.front().is_array();
  std::vector<float> values;
  if (!nested) {
    if ((size.rows != 1 && size.columns != 1) ||
        value.size() != static_cast<std::size_t>(size.rows) * static_cast<std::size_t>(size.columns))
      wrong_shape(path, size, "a list of " + std::to_string(value.size()));
    for (const Json& number : value) {
      if (!number.is_number()) wrong_shape(path, size, "lists among numbers");
      values.push_back(number.get<float>());
    }
    return values;
  }
  if (value.size() != static_cast<std::size_t>(size.rows))
    wrong_shape(path, size, std::to_string(value.size()) + " rows");
  for (const Json& row : value) {
    if (!row.is_array() || row.size() != static_cast<std::size_t>(size.columns))
      wrong_shape(path, size,
                  row.is_array() ? "a row of " + std::to_string(row.size()) : "numbers among lists");
    for (const Json& number : row) values.push_back(number.get<float>());
  }
  return values;
}

std::vector<float> from_file(const Json& value, Size size, const std::string& path, const FileSource& files) {
  const auto file = files.open(value["file"].get<std::string>(), path + ".file");
  const auto key = value["key"].get<std::string>();
  const Array array = file->get(key);
  const std::string place = file->name() + ": " + key;
  const Shape wanted = {static_cast<std::size_t>(size.rows), static_cast<std::size_t>(size.columns)};
  if (without_ones(array.shape) != without_ones(wanted))
    throw Failure({"wrong_shape", path,
                   path + " must be " + rows_by_columns(size) + " numbers (to × from); " + place +
                       " has the shape " + shown(array.shape) + ".",
                   ""});
  return to_floats(array, place);
}

}  // namespace

const std::vector<PatternType>& pattern_types() {
  static const std::vector<PatternType> types = [] {
    std::vector<PatternType> all;
    for (const Pattern& pattern : patterns()) all.push_back({pattern.name, pattern_schema(pattern)});
    return all;
  }();
  return types;
}

Field matrix_field(std::string name, const std::string& without, std::string help) {
  std::vector<Json> forms = {null_form(without), values_form("matrix (to × from)")};
  for (const PatternType& type : pattern_types()) forms.push_back({{"$ref", "#/$defs/pattern/" + type.name}});
  forms.push_back(file_form());
  return Field::any_of(std::move(name), nullptr, std::move(forms), std::move(help));
}

Field vector_field(std::string name, const std::string& without, std::string help) {
  return Field::any_of(std::move(name), nullptr,
                       {null_form(without), values_form("list of values"), file_form()}, std::move(help));
}

std::vector<float> make_matrix(const Json& value, int rows, int columns, const std::string& path,
                               const FileSource& files) {
  const Size size{rows, columns};
  std::vector<float> values;
  if (value.is_array()) {
    values = from_lists(value, size, path);
  } else if (value.contains("file")) {
    values = from_file(value, size, path, files);
  } else {
    values = from_pattern(value, size, path);
  }
  const auto wrong = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (wrong != values.end())
    throw Failure({"out_of_range", path,
                   path + " holds a number that is too large for 32 bits (value " +
                       std::to_string(wrong - values.begin()) + ", counted from 0).",
                   ""});
  return values;
}

}  // namespace nullcline
