// The engine's description of itself.
#include "engine/experiment/schema.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "engine/experiment/experiment.h"

namespace nullcline {

namespace {

/// Calls `visit` with every schema of a field or of one of its forms, and the path to it.
void walk(const Json& schema, const std::string& path,
          const std::function<void(const Json&, const std::string&)>& visit) {
  visit(schema, path);
  for (const char* keyword : {"properties", "$defs"})
    if (schema.contains(keyword))
      for (const auto& [name, child] : schema[keyword].items()) {
        if (std::string(keyword) == "properties") {
          walk(child, path + "." + name, visit);
          continue;
        }
        for (const auto& [type, definition] : child.items()) walk(definition, name + "/" + type, visit);
      }
  for (const char* keyword : {"anyOf", "oneOf"})
    if (schema.contains(keyword))
      for (std::size_t i = 0; i < schema[keyword].size(); ++i)
        walk(schema[keyword][i], path + "(" + std::to_string(i) + ")", visit);
  if (schema.contains("items")) walk(schema["items"], path + "[]", visit);
}

/// Every field: what stands under "properties", but for the constant field "type".
void for_each_field(const std::function<void(const Json&, const std::string&)>& visit) {
  walk(describe(), "", [&](const Json& schema, const std::string& path) {
    if (!schema.contains("properties")) return;
    for (const auto& [name, field] : schema["properties"].items())
      if (!field.contains("const")) visit(field, path + "." + name);
  });
}

TEST(Description, IsJsonSchemaOfThisYearsDraft) {
  EXPECT_EQ(describe()["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(describe()["type"], "object");
  EXPECT_EQ(describe()["required"], Json::parse(R"(["nullcline", "task", "network"])"));
}

TEST(Description, EveryFieldHasADescription) {
  int fields = 0;
  for_each_field([&](const Json& field, const std::string& path) {
    ++fields;
    ASSERT_TRUE(field.contains("description")) << path;
    const std::string text = field["description"];
    EXPECT_GT(text.size(), 10u) << path;
    EXPECT_EQ(text.back(), '.') << path << ": " << text;
  });
  EXPECT_GT(fields, 20);
}

TEST(Description, EveryFieldHasADefaultOrIsRequired) {
  walk(describe(), "", [](const Json& schema, const std::string& path) {
    if (!schema.contains("properties")) return;
    for (const auto& [name, field] : schema["properties"].items()) {
      bool required = false;
      if (schema.contains("required"))
        for (const Json& one : schema["required"]) required = required || one == name;
      EXPECT_NE(field.contains("default"), required) << path << "." << name;
    }
  });
}

TEST(Description, EveryDefaultIsValidByItsOwnField) {
  for_each_field([](const Json& field, const std::string& path) {
    if (!field.contains("default")) return;
    std::vector<Problem> problems;
    resolve(field["default"], field, describe(), path, problems);
    for (const Problem& problem : problems) ADD_FAILURE() << problem.message;
  });
}

/// Whether "#/$defs/kind/Type" is there.
bool leads_somewhere(const std::string& reference) {
  const Json* place = &describe();
  std::istringstream names(reference.substr(2));
  for (std::string name; std::getline(names, name, '/');) {
    if (!place->contains(name)) return false;
    place = &(*place)[name];
  }
  return true;
}

TEST(Description, EveryReferenceLeadsToADefinition) {
  int references = 0;
  walk(describe(), "", [&](const Json& schema, const std::string& path) {
    if (!schema.contains("$ref")) return;
    ++references;
    const std::string reference = schema["$ref"];
    ASSERT_EQ(reference.substr(0, 2), "#/") << path;
    EXPECT_TRUE(leads_somewhere(reference)) << path << ": " << reference;
  });
  EXPECT_GE(references, 3);
  EXPECT_FALSE(leads_somewhere("#/$defs/task/Nothing"));
}

TEST(Description, EveryNumberHasARange) {
  int numbers = 0;
  walk(describe(), "", [&](const Json& schema, const std::string& path) {
    if (!schema.contains("type") || (schema["type"] != "number" && schema["type"] != "integer")) return;
    ++numbers;
    EXPECT_TRUE(schema.contains("minimum") || schema.contains("exclusiveMinimum"))
        << path << " has no lower end";
    EXPECT_TRUE(schema.contains("maximum") || schema.contains("exclusiveMaximum"))
        << path << " has no upper end";
  });
  EXPECT_GT(numbers, 10);
}

TEST(Description, EveryTypeSaysWhatItIsAndWhereItComesFrom) {
  for (const auto& [kind, types] : describe()["$defs"].items())
    for (const auto& [name, type] : types.items()) {
      const std::string chosen_by = kind == "pattern" ? "pattern" : "type";
      EXPECT_EQ(type["properties"][chosen_by]["const"], name) << kind;
      EXPECT_EQ(type["required"][0], chosen_by) << name;
      EXPECT_EQ(type["additionalProperties"], false) << name;
      EXPECT_FALSE(type["title"].get<std::string>().empty()) << name;
      EXPECT_FALSE(type["description"].get<std::string>().empty()) << name;
      // A pattern is no method that somebody has published.
      if (kind != "pattern") {
        EXPECT_FALSE(type["x-reference"].get<std::string>().empty()) << name;
      }
    }
}

TEST(Description, KnowsWhatThisVersionHas) {
  const Json& kinds = describe()["$defs"];
  EXPECT_TRUE(kinds["task"].contains("PerceptualDiscrimination"));
  EXPECT_TRUE(kinds["network"].contains("Basic"));
  EXPECT_TRUE(kinds["initializer"].contains("GaussianSpectralRadius"));
  for (const char* name : {"Adam", "AdamW", "SGD", "RMSProp", "Adagrad"})
    EXPECT_TRUE(kinds["optimizer"].contains(name)) << name;
  for (const char* name : {"constant", "exponential", "cosine", "step"})
    EXPECT_TRUE(kinds["schedule"].contains(name)) << name;
}

/// The page shows a title where a field would else stand under its bare name.
TEST(Description, EveryFieldOfTrainingHasATitle) {
  const auto expect_titles = [](const Json& schema, const std::string& place) {
    for (const auto& [name, field] : schema["properties"].items())
      EXPECT_TRUE(field.contains("title") || field.contains("const")) << place << "." << name;
  };
  const Json& training = describe()["properties"]["training"];
  expect_titles(training, "training");
  expect_titles(training["properties"]["clip"], "training.clip");
  for (const char* kind : {"optimizer", "schedule"})
    for (const auto& [name, type] : describe()["$defs"][kind].items()) expect_titles(type, name);
}

TEST(Description, HasTheUnitsOfTimes) {
  const Json& fields = describe()["$defs"]["task"]["PerceptualDiscrimination"]["properties"];
  for (const char* name : {"dt", "tau", "T"}) EXPECT_EQ(fields[name]["x-unit"], "ms") << name;
}

TEST(NearestName, FindsSlipsOfThePen) {
  const std::vector<std::string> known = {"coherence", "direction", "dt", "tau", "N_batch"};
  EXPECT_EQ(nearest_name("coherance", known), "coherence");
  EXPECT_EQ(nearest_name("COHERENCE", known), "coherence");
  EXPECT_EQ(nearest_name("n_batch", known), "N_batch");
  EXPECT_EQ(nearest_name("Nbatch", known), "N_batch");
  EXPECT_EQ(nearest_name("tua", known), "tau");
  EXPECT_EQ(nearest_name("something", known), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'c'), known), "");
}

TEST(Shown, WritesNumbersAsShortAsTheyAre) {
  EXPECT_EQ(shown(0.1), "0.1");
  EXPECT_EQ(shown(2000.0), "2000");
  EXPECT_EQ(shown(1e-8), "1e-08");
  EXPECT_EQ(shown(-2.5), "-2.5");
  EXPECT_EQ(shown(4294967295.0), "4294967295");
}

TEST(Shown, CutsLongValuesBetweenCharacters) {
  const std::string text = shown(Json("x" + std::string(100, 'y')));
  EXPECT_LT(text.size(), 80u);
  // Two bytes each, begun at an odd place: the cut must not fall inside of one.
  std::string accents = "x";
  for (int i = 0; i < 100; ++i) accents += "é";
  for (const std::string& value : {accents, "y" + accents})
    EXPECT_NO_THROW(Json(shown(Json(value))).dump()) << value;
}

}  // namespace

}  // namespace nullcline
