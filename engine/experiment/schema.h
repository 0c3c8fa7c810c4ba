#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/problem.h"

namespace nullcline {

/// One field of the experiment document, declared where it is used. Becomes JSON Schema (2020-12) with the
/// keywords x-unit, x-symbol, x-reference, x-advanced, x-only-with and x-circular; forms, validation, help
/// and reference pages all derive from it.
class Field {
 public:
  static Field number(std::string name, double fallback, std::string help);
  static Field integer(std::string name, std::int64_t fallback, std::string help);
  static Field boolean(std::string name, bool fallback, std::string help);
  static Field text(std::string name, std::string fallback, int longest, std::string help);
  static Field one_of(std::string name, std::vector<std::string> words,
                      std::string help);  // default: the first
  /// A required word that tells an object from others.
  static Field constant(std::string name, std::string word);
  /// A required value of that schema.
  static Field of(std::string name, Json schema, std::string help);
  /// A value of several forms, each a schema with a title. Among objects, the one whose constant fits is
  /// meant.
  static Field any_of(std::string name, Json fallback, std::vector<Json> forms, std::string help);
  /// An object with a field `type` that chooses among `kind`'s registered types ("#/$defs/kind/Type").
  static Field typed(std::string name, const std::string& kind, const std::vector<std::string>& types,
                     std::string help);
  /// An object with those fields.
  static Field object(std::string name, const std::string& title, const std::vector<Field>& fields,
                      const std::string& help);

  Field& title(std::string title);
  Field& unit(std::string unit);
  Field& symbol(std::string symbol);
  Field& above(double limit);
  Field& below(double limit);
  Field& at_least(double limit);
  Field& at_most(double limit);
  Field& required();
  /// Undoes `required`, for fields whose schema has a default.
  Field& optional();
  Field& advanced();
  /// Means something only where a field beside it has this choice; elsewhere it is ignored.
  Field& only_with(const std::string& choice);
  /// A number of channels that stand around a circle, so that the first and the last are neighbours.
  Field& circular();

  const std::string& name() const { return name_; }
  const Json& schema() const { return schema_; }
  bool is_required() const { return required_; }

 private:
  Field(std::string name, Json schema) : name_(std::move(name)), schema_(std::move(schema)) {}
  std::string name_;
  Json schema_;
  bool required_ = false;
};

/// Schema of an object with those fields; every other field is an error.
Json object_schema(const std::string& title, const std::string& help, const std::vector<Field>& fields);

/// The same for a registered type: with its field `type` and a reference to the literature.
Json type_schema(const std::string& type, const std::string& title, const std::string& help,
                 const std::string& reference, const std::vector<Field>& fields);

/// Schemas for the forms of `Field::any_of`.
Json null_form(const std::string& title);
Json number_form(const std::string& title, double least, double most);
Json integer_form(const std::string& title, double least, double most);
Json text_form(const std::string& title, int longest);

/// Validates `value` against `schema` (whose `$ref`s point into `root`), writes out every default, and
/// returns the resolved value. What is wrong is added to `problems`, with paths below `path`.
Json resolve(const Json& value, const Json& schema, const Json& root, const std::string& path,
             std::vector<Problem>& problems);

/// The known name nearest to `name`, or an empty string when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// A value as it is shown in a message: JSON, cut when it is long.
std::string shown(const Json& value);

/// Text that stands in a path or a message: cut between two characters when it is long.
std::string shortened(const std::string& text);

/// "a, b or c", with another word in place of "or" where one is given.
std::string listed(const std::vector<std::string>& words, const char* last = "or");

/// The first dozen of the words, "a, b, …"; "none" where there are none.
std::string first_few(const std::vector<std::string>& words);

/// A number without superfluous digits: 0.1, 2000, 1e-08.
std::string shown(double value);

}  // namespace nullcline
