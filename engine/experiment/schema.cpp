#include "engine/experiment/schema.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

namespace nullcline {

namespace {

Json typed_schema(const char* type, Json fallback, std::string help) {
  Json schema = Json::object();
  schema["type"] = type;
  schema["default"] = std::move(fallback);
  schema["description"] = std::move(help);
  return schema;
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

}  // namespace

Field Field::number(std::string name, double fallback, std::string help) {
  return {std::move(name), typed_schema("number", fallback, std::move(help))};
}

Field Field::integer(std::string name, std::int64_t fallback, std::string help) {
  return {std::move(name), typed_schema("integer", fallback, std::move(help))};
}

Field Field::boolean(std::string name, bool fallback, std::string help) {
  return {std::move(name), typed_schema("boolean", fallback, std::move(help))};
}

Field Field::text(std::string name, std::string fallback, int longest, std::string help) {
  Field field(std::move(name), typed_schema("string", std::move(fallback), std::move(help)));
  field.schema_["maxLength"] = longest;
  return field;
}

Field Field::one_of(std::string name, std::vector<std::string> words, std::string help) {
  Json schema = Json::object();
  schema["enum"] = words;
  schema["default"] = words.front();
  schema["description"] = std::move(help);
  return {std::move(name), std::move(schema)};
}

Field Field::constant(std::string name, std::string word) {
  return Field(std::move(name), {{"const", std::move(word)}}).required();
}

Field Field::of(std::string name, Json schema, std::string help) {
  schema["description"] = std::move(help);
  Field field(std::move(name), std::move(schema));
  field.required_ = true;
  return field;
}

Field Field::any_of(std::string name, Json fallback, std::vector<Json> forms, std::string help) {
  Json schema = Json::object();
  schema["anyOf"] = std::move(forms);
  schema["default"] = std::move(fallback);
  schema["description"] = std::move(help);
  return {std::move(name), std::move(schema)};
}

Field Field::typed(std::string name, const std::string& kind, const std::vector<std::string>& types,
                   std::string help) {
  Json schema = Json::object();
  schema["oneOf"] = Json::array();
  for (const std::string& type : types) schema["oneOf"].push_back({{"$ref", "#/$defs/" + kind + "/" + type}});
  schema["default"] = {{"type", types.front()}};
  schema["description"] = std::move(help);
  return {std::move(name), std::move(schema)};
}

Field Field::object(std::string name, const std::string& title, const std::vector<Field>& fields,
                    const std::string& help) {
  Json schema = object_schema(title, help, fields);
  schema["default"] = Json::object();
  return {std::move(name), std::move(schema)};
}

Field& Field::title(std::string title) {
  schema_["title"] = std::move(title);
  return *this;
}
Field& Field::unit(std::string unit) {
  schema_["x-unit"] = std::move(unit);
  return *this;
}
Field& Field::symbol(std::string symbol) {
  schema_["x-symbol"] = std::move(symbol);
  return *this;
}
Field& Field::above(double limit) {
  schema_["exclusiveMinimum"] = limit;
  return *this;
}
Field& Field::below(double limit) {
  schema_["exclusiveMaximum"] = limit;
  return *this;
}
Field& Field::at_least(double limit) {
  schema_["minimum"] = limit;
  return *this;
}
Field& Field::at_most(double limit) {
  schema_["maximum"] = limit;
  return *this;
}
Field& Field::required() {
  schema_.erase("default");
  required_ = true;
  return *this;
}
Field& Field::optional() {
  required_ = false;
  return *this;
}
Field& Field::advanced() {
  schema_["x-advanced"] = true;
  return *this;
}
Field& Field::only_with(const std::string& choice) {
  schema_["x-only-with"] = choice;
  return *this;
}
Field& Field::circular() {
  schema_["x-circular"] = true;
  return *this;
}

Json object_schema(const std::string& title, const std::string& help, const std::vector<Field>& fields) {
  Json schema = Json::object();
  schema["title"] = title;
  schema["description"] = help;
  schema["type"] = "object";
  schema["additionalProperties"] = false;
  Json required = Json::array();
  Json& properties = schema["properties"] = Json::object();
  for (const Field& field : fields) {
    properties[field.name()] = field.schema();
    if (field.is_required()) required.push_back(field.name());
  }
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

Json type_schema(const std::string& type, const std::string& title, const std::string& help,
                 const std::string& reference, const std::vector<Field>& fields) {
  Json schema = object_schema(title, help, fields);
  schema["x-reference"] = reference;
  Json properties = {{"type", {{"const", type}}}};
  properties.update(schema["properties"]);
  schema["properties"] = std::move(properties);
  Json required = Json::array({"type"});
  if (schema.contains("required"))
    for (const Json& name : schema["required"]) required.push_back(name);
  schema["required"] = std::move(required);
  return schema;
}

Json null_form(const std::string& title) { return {{"title", title}, {"type", "null"}}; }
Json number_form(const std::string& title, double least, double most) {
  return {{"title", title}, {"type", "number"}, {"minimum", least}, {"maximum", most}};
}
Json integer_form(const std::string& title, double least, double most) {
  return {{"title", title}, {"type", "integer"}, {"minimum", least}, {"maximum", most}};
}
Json text_form(const std::string& title, int longest) {
  return {{"title", title}, {"type", "string"}, {"maxLength", longest}};
}

std::string listed(const std::vector<std::string>& words, const char* last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? std::string(" ") + last + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string first_few(const std::vector<std::string>& words) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most; ++i)
    text += (i == 0 ? "" : ", ") + shortened(words[i]);
  if (words.size() > most) text += ", …";
  return text.empty() ? "none" : text;
}

std::string shown(double value) {
  constexpr double longest_whole = 1e12;
  std::string text;
  char buffer[32];
  if (value == std::floor(value) && std::abs(value) < longest_whole) {
    std::snprintf(buffer, sizeof buffer, "%.0f", value);
    return buffer;
  }
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
    text = buffer;
    if (std::strtod(buffer, nullptr) == value) break;
  }
  return text;
}

std::string shown(const Json& value) {
  if (value.is_number()) return shown(value.get<double>());
  if (value.is_array() && value.size() > 100) return "a list of " + std::to_string(value.size()) + " values";
  return shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;  // not inside a UTF-8 sequence
  return text.substr(0, end) + "…";
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  if (name.size() > 100) return {};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    // Levenshtein's distance, one row at a time.
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (const char letter : name) {
      std::size_t diagonal = row[0]++;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t change = diagonal + (lower(letter) == lower(candidate[j]) ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

namespace {

/// Walks a value and its schema side by side.
class Resolver {
 public:
  Resolver(const Json& root, std::vector<Problem>& problems) : root_(root), problems_(problems) {}

  Json resolve(const Json& value, const Json& given_schema, const std::string& path) {
    const Json& schema = dereferenced(given_schema);
    if (schema.contains("oneOf")) return resolve_typed(value, schema, path);
    if (schema.contains("anyOf")) return resolve_form(value, schema, path);
    if (schema.contains("const")) return resolve_words(value, Json::array({schema["const"]}), path);
    if (schema.contains("enum")) return resolve_words(value, schema["enum"], path);
    if (!has_type(value, schema["type"].get_ref<const std::string&>())) {
      report("wrong_type", path, "must be " + allowed(schema), value);
      return value;
    }
    if (value.is_object()) return resolve_object(value, schema, path);
    if (value.is_array()) return resolve_array(value, schema, path);
    if (value.is_number()) return resolve_number(value, schema, path);
    if (value.is_string() && schema.contains("maxLength") &&
        value.get_ref<const std::string&>().size() > schema["maxLength"].get<std::size_t>())
      report("out_of_range", path, "must be at most " + shown(schema["maxLength"]) + " bytes long", value);
    return value;
  }

 private:
  /// The schema itself, or the one that its `$ref` ("#/$defs/kind/Type") names.
  const Json& dereferenced(const Json& schema) const {
    if (!schema.contains("$ref")) return schema;
    const Json* place = &root_;
    std::istringstream path(schema["$ref"].get<std::string>().substr(2));
    for (std::string name; std::getline(path, name, '/');) place = &place->at(name);
    return *place;
  }

  /// Nobody mends more than this at a time, and a document may be made to have millions.
  bool enough() const {
    constexpr std::size_t most_problems = 100;
    return problems_.size() >= most_problems;
  }

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "boolean") return value.is_boolean();
    if (type == "string") return value.is_string();
    if (type == "null") return value.is_null();
    if (type == "integer" && value.is_number_float()) {
      const double number = value.get<double>();
      return number == std::floor(number) && std::abs(number) <= 9007199254740992.0;
    }
    return value.is_number();
  }

  /// What a schema allows, in words: "a number above 0 (ms)".
  std::string allowed(const Json& given_schema) const {
    const Json& schema = dereferenced(given_schema);
    if (schema.contains("const")) return shown(schema["const"]);
    if (schema.contains("enum")) {
      std::vector<std::string> words;
      for (const Json& word : schema["enum"]) words.push_back(shown(word));
      return listed(words);
    }
    if (schema.contains("anyOf")) {
      std::vector<std::string> forms;
      std::vector<std::string> constants;
      std::string told_by;
      for (const Json& reference : schema["anyOf"]) {
        const Json& form = dereferenced(reference);
        if (const std::string name = constant_of(form); !name.empty()) {
          told_by = name;
          constants.push_back(shown(form["properties"][name]["const"]));
        } else if (const std::string text = allowed(form);
                   std::find(forms.begin(), forms.end(), text) == forms.end()) {
          forms.push_back(text);
        }
      }
      if (!constants.empty()) forms.push_back("an object with \"" + told_by + "\" " + listed(constants));
      return listed(forms);
    }
    if (schema.contains("oneOf")) return "an object with a field \"type\"";
    const auto& type = schema["type"].get_ref<const std::string&>();
    if (type == "null") return "null";
    if (type == "string") return "text";
    if (type == "boolean") return "true or false";
    if (type == "object") {
      std::vector<std::string> fields;
      if (schema.contains("required"))
        for (const Json& name : schema["required"]) fields.push_back("\"" + name.get<std::string>() + "\"");
      return fields.empty() ? "an object" : "an object with " + listed(fields, "and");
    }
    if (type == "array" && schema["items"].contains("anyOf"))
      return "a list of numbers or of lists of numbers";
    if (type == "array") return "a list in which each value is " + allowed(schema["items"]);
    std::string text = type == "integer" ? "a whole number" : "a number";
    std::vector<std::string> limits;
    if (schema.contains("exclusiveMinimum")) limits.push_back("above " + shown(schema["exclusiveMinimum"]));
    if (schema.contains("minimum")) limits.push_back("at least " + shown(schema["minimum"]));
    if (schema.contains("exclusiveMaximum")) limits.push_back("below " + shown(schema["exclusiveMaximum"]));
    if (schema.contains("maximum")) limits.push_back("at most " + shown(schema["maximum"]));
    for (std::size_t i = 0; i < limits.size(); ++i) text += (i == 0 ? " " : " and ") + limits[i];
    if (schema.contains("x-unit")) text += " (" + schema["x-unit"].get<std::string>() + ")";
    return text;
  }

  void report(const char* code, const std::string& path, const std::string& rule, const Json& found,
              std::string hint = {}) {
    const std::string place = path.empty() ? "The document" : path;
    problems_.push_back({code, path, place + " " + rule + "; found " + shown(found) + ".", std::move(hint)});
  }

  Json resolve_words(const Json& value, const Json& words, const std::string& path) {
    if (std::find(words.begin(), words.end(), value) != words.end()) return value;
    std::vector<std::string> known, named;
    for (const Json& word : words) {
      if (word.is_string()) known.push_back(word.get<std::string>());
      named.push_back(shown(word));
    }
    const std::string near =
        value.is_string() ? nearest_name(value.get<std::string>(), known) : std::string();
    report("not_allowed", path, "must be " + listed(named), value,
           near.empty() ? "" : "Did you mean \"" + near + "\"?");
    return value;
  }

  Json resolve_number(const Json& value, const Json& schema, const std::string& path) {
    const double number = value.get<double>();
    const auto limit = [&](const char* keyword, double none) {
      return schema.contains(keyword) ? schema[keyword].get<double>() : none;
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const bool inside = number > limit("exclusiveMinimum", -infinity) &&
                        number < limit("exclusiveMaximum", infinity) &&
                        number >= limit("minimum", -infinity) && number <= limit("maximum", infinity);
    if (!inside) report("out_of_range", path, "must be " + allowed(schema), value);
    if (schema["type"] == "integer" && value.is_number_float()) return static_cast<std::int64_t>(number);
    return value;
  }

  Json resolve_array(const Json& value, const Json& schema, const std::string& path) {
    if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>())
      report("out_of_range", path, "must hold at least " + shown(schema["minItems"]) + " value(s)", value);
    if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>()) {
      report("out_of_range", path, "must hold at most " + shown(schema["maxItems"]) + " values", value);
      return value;
    }
    Json resolved = Json::array();
    for (std::size_t i = 0; i < value.size() && !enough(); ++i)
      resolved.push_back(resolve(value[i], schema["items"], path + "[" + std::to_string(i) + "]"));
    return resolved;
  }

  Json resolve_object(const Json& value, const Json& schema, const std::string& path) {
    static const Json none = Json::object();
    const Json& properties = schema.contains("properties") ? schema["properties"] : none;
    const Json& additional = schema["additionalProperties"];
    std::vector<std::string> known;
    for (const auto& [name, unused] : properties.items()) known.push_back(name);
    Json others = Json::object();
    for (const auto& [name, field] : value.items()) {
      if (enough()) break;
      if (properties.contains(name)) continue;
      if (additional.is_object()) others[name] = resolve(field, additional, joined(path, shortened(name)));
      if (additional == true) others[name] = field;
      if (additional != false) continue;
      const std::string near = nearest_name(name, known);
      const std::string place = joined(path, shortened(name));
      problems_.push_back({"unknown_field", place,
                           place + " is not a known field; known here: " + listed(known) + ".",
                           near.empty() ? "" : "Did you mean \"" + near + "\"?"});
    }
    Json resolved = Json::object();
    for (const auto& [name, property] : properties.items()) {
      if (value.contains(name)) {
        resolved[name] = resolve(value[name], property, joined(path, name));
      } else if (property.contains("default")) {
        resolved[name] = resolve(property["default"], property, joined(path, name));
      } else {
        const std::string place = joined(path, name);
        problems_.push_back(
            {"missing_field", place, place + " is missing; it must be " + allowed(property) + ".", ""});
      }
    }
    resolved.update(others);
    return resolved;
  }

  /// Tasks, networks, …: the field `type` chooses the schema.
  Json resolve_typed(const Json& value, const Json& schema, const std::string& path) {
    if (!value.is_object()) {
      report("wrong_type", path, "must be an object with a field \"type\"", value);
      return value;
    }
    Json types = Json::array();
    for (const Json& reference : schema["oneOf"]) {
      const Json& candidate = dereferenced(reference);
      const Json& type = candidate["properties"]["type"];
      types.push_back(type["const"]);
      if (!value.contains("type")) continue;
      if (value["type"] == types.back()) return resolve_object(value, candidate, path);
      if (!is_alias(value["type"], type)) continue;
      Json renamed = value;
      renamed["type"] = types.back();
      return resolve_object(renamed, candidate, path);
    }
    if (value.contains("type")) {
      resolve_words(value["type"], types, joined(path, "type"));
    } else {
      const std::string place = joined(path, "type");
      problems_.push_back({"missing_field", place,
                           place + " is missing; it must be " + allowed({{"enum", types}}) + ".", ""});
    }
    return value;
  }

  static bool is_alias(const Json& name, const Json& type) {
    if (!type.contains("x-aliases")) return false;
    const Json& aliases = type["x-aliases"];
    return std::find(aliases.begin(), aliases.end(), name) != aliases.end();
  }

  /// A value of several forms: the first whose type fits is meant, and its rules are the ones that are
  /// checked. Objects are told apart by their constants.
  Json resolve_form(const Json& value, const Json& schema, const std::string& path) {
    std::vector<const Json*> fitting;
    for (const Json& reference : schema["anyOf"])
      if (const Json& form = dereferenced(reference); fits_type(value, form)) fitting.push_back(&form);
    if (value.is_object() && fitting.size() > 1) return resolve_object_form(value, fitting, path);
    if (!fitting.empty()) return resolve(value, *fitting.front(), path);
    report("wrong_type", path, "must be " + allowed(schema), value);
    return value;
  }

  static bool fits_type(const Json& value, const Json& form) {
    if (form.contains("enum")) return value.is_string();
    return has_type(value, form["type"].get_ref<const std::string&>());
  }

  /// The name of the field that is a constant in an object's schema; empty where there is none.
  static std::string constant_of(const Json& form) {
    if (!form.contains("properties")) return {};
    for (const auto& [name, property] : form["properties"].items())
      if (property.contains("const")) return name;
    return {};
  }

  Json resolve_object_form(const Json& value, const std::vector<const Json*>& forms,
                           const std::string& path) {
    Json words = Json::array();
    std::string told_by;
    const Json* other = nullptr;
    for (const Json* form : forms) {
      const std::string name = constant_of(*form);
      if (name.empty()) {
        other = form;
        continue;
      }
      if (!value.contains(name)) continue;
      if (value[name] == (*form)["properties"][name]["const"]) return resolve_object(value, *form, path);
      told_by = name;
      words.push_back((*form)["properties"][name]["const"]);
    }
    if (!told_by.empty()) {
      resolve_words(value[told_by], words, joined(path, told_by));
      return value;
    }
    return resolve_object(value, other == nullptr ? *forms.front() : *other, path);
  }

  const Json& root_;
  std::vector<Problem>& problems_;
};

}  // namespace

Json resolve(const Json& value, const Json& schema, const Json& root, const std::string& path,
             std::vector<Problem>& problems) {
  return Resolver(root, problems).resolve(value, schema, path);
}

}  // namespace nullcline
