#include <iostream>

#include "engine/cli/commands.h"
#include "engine/cli/words.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

/// Lines are no longer than this, wider as a terminal may be.
constexpr std::size_t widest = 100;

/// A type that exists: its kind ("task"), its name, its schema.
struct Type {
  std::string kind;
  std::string name;
  const Json& schema;
};

std::vector<Type> all_types() {
  std::vector<Type> types;
  for (const auto& [kind, group] : describe()["$defs"].items())
    for (const auto& [name, schema] : group.items()) types.push_back({kind, name, schema});
  return types;
}

std::string field_of(const Json& schema, const char* field) { return schema.value(field, std::string()); }

std::string paragraph(const std::string& text, std::size_t indent) {
  return std::string(indent, ' ') + wrapped(text, widest - indent, indent) + "\n";
}

/// "number above 0 and at most 10 (ms)"
std::string allowed(const Json& schema);

std::string limits(const Json& schema) {
  std::vector<std::string> parts;
  const auto add = [&](const char* keyword, const char* word) {
    if (schema.contains(keyword)) parts.push_back(std::string(" ") + word + " " + shown(schema[keyword]));
  };
  add("exclusiveMinimum", "above");
  add("minimum", "from");
  add("exclusiveMaximum", "below");
  add("maximum", schema.contains("minimum") ? "to" : "up to");
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

/// "{"exponential": number above 0}"
std::string object_form(const Json& schema) {
  if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object())
    return "object with, for each name, " + allowed(schema["additionalProperties"]);
  if (!schema.contains("properties") || schema["properties"].empty()) return "object";
  std::string text;
  for (const auto& [name, property] : schema["properties"].items())
    text += (text.empty() ? "{" : ", ") + shown(Json(name)) + ": " + allowed(property);
  return text + "}";
}

/// The names of the types that schemas refer to.
std::vector<std::string> referred(const Json& schemas) {
  std::vector<std::string> names;
  for (const Json& schema : schemas) {
    if (!schema.contains("$ref")) continue;
    const std::string path = schema["$ref"];
    names.push_back(path.substr(path.rfind('/') + 1));
  }
  return names;
}

std::string allowed(const Json& schema) {
  std::vector<std::string> parts;
  if (schema.contains("const")) return shown(schema["const"]);
  if (schema.contains("enum")) {
    for (const Json& word : schema["enum"]) parts.push_back(shown(word));
    return listed(parts);
  }
  if (schema.contains("anyOf")) {
    for (const Json& form : schema["anyOf"]) {
      const std::string title = field_of(form, "title");
      if (!form.contains("$ref")) parts.push_back(allowed(form) + (title.empty() ? "" : " (" + title + ")"));
    }
    if (const std::vector<std::string> types = referred(schema["anyOf"]); !types.empty())
      parts.push_back("pattern (" + listed(types) + ")");
    return listed(parts);
  }
  if (schema.contains("oneOf")) {
    return "object of type " + listed(referred(schema["oneOf"]));
  }
  const std::string type = schema.value("type", std::string("value"));
  if (type == "array" && schema["items"].contains("anyOf")) return "list of numbers or of lists of numbers";
  if (type == "array") return "list of " + allowed(schema["items"]);
  if (type == "object") return object_form(schema);
  if (type == "boolean") return "true or false";
  if (type == "string") return "text";
  if (schema.contains("minimum") && schema["minimum"] == schema.value("maximum", Json()))
    return shown(schema["minimum"]);
  const std::string unit = field_of(schema, "x-unit");
  return (type == "integer" ? "whole number" : type) + limits(schema) + (unit.empty() ? "" : " " + unit);
}

/// A field and, below it, what it is for. The fields of a section come under its name.
void print_field(const std::string& name, const Json& schema, bool required) {
  if (schema.contains("properties") && !schema["properties"].empty()) {
    for (const auto& [inner, property] : schema["properties"].items())
      print_field(name + "." + inner, property, false);
    return;
  }
  std::string head = name + ": " + allowed(schema);
  if (required)
    head += "; required";
  else if (schema.contains("default") && !schema.contains("oneOf"))
    head += "; default " + shown(schema["default"]);
  std::cout << "  " << wrapped(head, widest - 2, 6) << "\n" << paragraph(field_of(schema, "description"), 6);
}

bool is_required(const Json& schema, const std::string& name) {
  if (!schema.contains("required")) return false;
  const Json& names = schema["required"];
  return std::find(names.begin(), names.end(), name) != names.end();
}

void print_fields(const Json& schema) {
  for (const auto& [name, property] : schema["properties"].items())
    if (!property.contains("const")) print_field(name, property, is_required(schema, name));
}

void print_type(const Type& type) {
  std::cout << field_of(type.schema, "title") << ": " << type.kind << " \"" << type.name << "\"\n";
  std::cout << paragraph(field_of(type.schema, "description"), 0);
  if (const std::string reference = field_of(type.schema, "x-reference"); !reference.empty())
    std::cout << paragraph("Literature: " + reference, 0);
  std::cout << "\n";
  print_fields(type.schema);
}

void print_section(const Json& schema) {
  std::cout << field_of(schema, "title") << "\n" << paragraph(field_of(schema, "description"), 0) << "\n";
  print_fields(schema);
}

void print_overview() {
  const Json& schema = describe();
  std::cout << field_of(schema, "title") << ": a JSON document with these fields\n\n";
  for (const auto& [name, property] : schema["properties"].items())
    if (property.contains("properties"))
      std::cout << "  " << wrapped(name + ": object; see `nullcline describe " + name + "`", widest - 2, 6)
                << "\n"
                << paragraph(field_of(property, "description"), 6);
    else
      print_field(name, property, is_required(schema, name));
  std::string kind;
  for (const Type& type : all_types()) {
    if (type.kind != kind) std::cout << "\nTypes of " << type.kind << "\n";
    kind = type.kind;
    std::cout << "  " << type.name << "\n" << paragraph(field_of(type.schema, "description"), 6);
  }
  std::cout
      << "\n`nullcline describe TYPE` shows the fields of a type, --json the JSON Schema of everything.\n";
}

/// The fields of an object, or of the form of a value that is one; null where there are none.
const Json* with_fields(const Json& schema) {
  if (schema.contains("properties") && !schema["properties"].empty()) return &schema;
  if (!schema.contains("anyOf")) return nullptr;
  for (const Json& form : schema["anyOf"])
    if (form.contains("properties") && form["properties"].size() > 2) return &form;
  return nullptr;
}

/// Sections of the document that are described by name, such as "training", and their own, such as "clip".
const Json* find_section(const std::string& name) {
  const Json& properties = describe()["properties"];
  if (properties.contains(name)) return with_fields(properties[name]);
  for (const auto& [section, schema] : properties.items())
    if (const Json* fields = with_fields(schema); fields != nullptr && (*fields)["properties"].contains(name))
      return with_fields((*fields)["properties"][name]);
  return nullptr;
}

[[noreturn]] void unknown_type(const std::string& name) {
  std::vector<std::string> known;
  std::string list;
  for (const Type& type : all_types()) known.push_back(type.name);
  for (const auto& [section, schema] : describe()["properties"].items())
    if (schema.contains("properties")) known.push_back(section);
  for (const std::string& word : known) list += (list.empty() ? "" : ", ") + word;
  const std::string near = nearest_name(name, known);
  throw Failure({"not_allowed", name,
                 "There is nothing of the name " + shown(Json(name)) + "; there are " + list + ".",
                 near.empty() ? "" : "Did you mean \"" + near + "\"?"});
}

ExitStatus describe_one(const std::string& name, bool json) {
  if (const Json* section = find_section(name)) {
    if (json)
      std::cout << section->dump(2) << "\n";
    else
      print_section(*section);
    return ExitStatus::done;
  }
  bool found = false;
  for (const Type& type : all_types()) {
    if (type.name != name && type.kind != name) continue;
    if (!json && found) std::cout << "\n";
    found = true;
    if (json)
      std::cout << type.schema.dump(2) << "\n";
    else
      print_type(type);
  }
  if (!found) unknown_type(name);
  return ExitStatus::done;
}

}  // namespace

ExitStatus describe_command(const DescribeOptions& options) {
  if (!options.type.empty()) return describe_one(options.type, options.json);
  if (options.json)
    std::cout << describe().dump(2) << "\n";
  else
    print_overview();
  return ExitStatus::done;
}

}  // namespace nullcline
