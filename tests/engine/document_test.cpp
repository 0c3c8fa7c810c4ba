// The experiment document: defaults, what is refused and how, and texts that mean harm.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "engine/experiment/experiment.h"
#include "engine/experiment/schema.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::hello_world;
using support::problems_of;
using support::resolved;

/// A change of the document that makes it wrong, and what must be said about it.
struct Mistake {
  /// Where the value is put: names joined by points.
  std::string field;
  Json value;
  const char* code;
  const char* path;
  /// Texts that the message must hold: what was found and what is allowed.
  std::vector<std::string> told;
};

/// gtest's name of a case.
void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.field << " = " << shown(mistake.value);
}

class Mistaken : public testing::TestWithParam<Mistake> {};

TEST_P(Mistaken, DocumentIsRefusedWithPathFoundAndAllowed) {
  const Mistake& mistake = GetParam();
  Json document = hello_world();
  Json* place = &document;
  std::istringstream names(mistake.field);
  for (std::string name; std::getline(names, name, '.');) place = &(*place)[name];
  *place = mistake.value;
  const auto problems = problems_of(document);
  ASSERT_EQ(problems.size(), 1u);
  const Problem& problem = problems[0];
  EXPECT_EQ(problem.code, mistake.code) << problem.message;
  EXPECT_EQ(problem.path, mistake.path) << problem.message;
  EXPECT_EQ(problem.message.find(mistake.path), 0u) << problem.message;
  for (const std::string& text : mistake.told)
    EXPECT_NE(problem.message.find(text), std::string::npos) << problem.message << "\ndoes not say " << text;
}

INSTANTIATE_TEST_SUITE_P(
    Types, Mistaken,
    testing::Values(
        Mistake{"task.dt", "10", "wrong_type", "task.dt", {"a number above 0", "ms", "\"10\""}},
        Mistake{"task.dt", nullptr, "wrong_type", "task.dt", {"a number", "null"}},
        Mistake{"task.N_batch", 1.5, "wrong_type", "task.N_batch", {"a whole number", "1.5"}},
        Mistake{"task.N_batch", Json::array({1}), "wrong_type", "task.N_batch", {"a whole number", "[1]"}},
        Mistake{"task.coherence",
                "high",
                "wrong_type",
                "task.coherence",
                {"null", "a number at least 0", "a list", "\"exponential\"", "\"high\""}},
        Mistake{"task.coherence", true, "wrong_type", "task.coherence", {"true"}},
        Mistake{"task.direction", 0.5, "wrong_type", "task.direction", {"null", "a whole number", "0.5"}},
        Mistake{"name", 7, "wrong_type", "name", {"text", "7"}},
        Mistake{"seed", "one", "wrong_type", "seed", {"a whole number", "\"one\""}},
        Mistake{"training", 3, "wrong_type", "training", {"an object", "3"}},
        Mistake{"training.clip_grads", 1, "wrong_type", "training.clip_grads", {"true or false", "1"}},
        Mistake{"training.iterations", "all", "wrong_type", "training.iterations", {"null", "\"all\""}},
        Mistake{"task", "PerceptualDiscrimination", "wrong_type", "task", {"\"type\""}},
        Mistake{"network", Json::array(), "wrong_type", "network", {"\"type\"", "[]"}},
        Mistake{"network.initializer", 1.1, "wrong_type", "network.initializer", {"\"type\"", "1.1"}}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, Mistaken,
    testing::Values(
        Mistake{"nullcline", 2, "out_of_range", "nullcline", {"at least 1", "at most 1", "2"}},
        Mistake{"seed", -1, "out_of_range", "seed", {"at least 0", "-1"}},
        Mistake{"seed", 4294967296, "out_of_range", "seed", {"at most 4294967295", "4294967296"}},
        Mistake{"task.dt", 0, "out_of_range", "task.dt", {"above 0", "found 0"}},
        Mistake{"task.dt", -10, "out_of_range", "task.dt", {"above 0", "-10"}},
        Mistake{"task.dt", 1e300, "out_of_range", "task.dt", {"at most 10000", "1e+300"}},
        Mistake{"task.tau", 0, "out_of_range", "task.tau", {"above 0", "found 0"}},
        Mistake{"task.tau", 100001, "out_of_range", "task.tau", {"at most 100000", "100001"}},
        Mistake{"task.T", -1, "out_of_range", "task.T", {"above 0", "-1"}},
        Mistake{"task.T", 1e300, "out_of_range", "task.T", {"at most 10000000", "1e+300"}},
        Mistake{"task.N_batch", 0, "out_of_range", "task.N_batch", {"at least 1", "found 0"}},
        Mistake{"task.N_batch", 65537, "out_of_range", "task.N_batch", {"at most 65536", "65537"}},
        Mistake{"task.coherence", -0.1, "out_of_range", "task.coherence", {"at least 0", "-0.1"}},
        Mistake{"task.coherence", 1e300, "out_of_range", "task.coherence", {"at most 100", "1e+300"}},
        Mistake{"task.coherence", Json::array(), "out_of_range", "task.coherence", {"at least 1", "[]"}},
        Mistake{"task.coherence", {0.1, -0.2}, "out_of_range", "task.coherence[1]", {"at least 0", "-0.2"}},
        Mistake{"task.coherence",
                {{"exponential", 0}},
                "out_of_range",
                "task.coherence.exponential",
                {"above 0", "found 0"}},
        Mistake{"task.direction", 2, "out_of_range", "task.direction", {"at most 1", "2"}},
        Mistake{"network.N_rec", 0, "out_of_range", "network.N_rec", {"at least 1", "units", "found 0"}},
        Mistake{"network.N_rec", 4097, "out_of_range", "network.N_rec", {"at most 4096", "4097"}},
        Mistake{"network.rec_noise", -0.1, "out_of_range", "network.rec_noise", {"at least 0", "-0.1"}},
        Mistake{"network.initializer",
                {{"type", "GaussianSpectralRadius"}, {"spec_rad", 0}},
                "out_of_range",
                "network.initializer.spec_rad",
                {"above 0", "found 0"}},
        Mistake{
            "training.learning_rate", 0, "out_of_range", "training.learning_rate", {"above 0", "found 0"}},
        Mistake{"training.learning_rate", 11, "out_of_range", "training.learning_rate", {"at most 10", "11"}},
        Mistake{"training.iterations", -1, "out_of_range", "training.iterations", {"at least 0", "-1"}},
        Mistake{"training.loss_epoch", 0, "out_of_range", "training.loss_epoch", {"at least 1", "found 0"}},
        Mistake{"training.optimizer",
                {{"type", "Adam"}, {"beta_1", 1}},
                "out_of_range",
                "training.optimizer.beta_1",
                {"below 1", "found 1"}},
        Mistake{"training.clip", {{"norm", 0}}, "out_of_range", "training.clip.norm", {"above 0", "found 0"}},
        Mistake{"name", std::string(201, 'n'), "out_of_range", "name", {"200", "nnn"}}));

INSTANTIATE_TEST_SUITE_P(
    Words, Mistaken,
    testing::Values(
        Mistake{"conventions",
                "standart",
                "not_allowed",
                "conventions",
                {"\"standard\"", "\"psychrnn\"", "\"standart\""}},
        Mistake{"arithmetic", "exact", "not_allowed", "arithmetic", {"\"auto\"", "\"plain\"", "\"fused\""}},
        Mistake{"task.type",
                "PerceptualDiscriminatoin",
                "not_allowed",
                "task.type",
                {"\"PerceptualDiscrimination\""}},
        Mistake{"network.type", 3, "not_allowed", "network.type", {"\"Basic\"", "3"}},
        Mistake{"network.transfer_function",
                "ReLu",
                "not_allowed",
                "network.transfer_function",
                {"\"relu\"", "\"tanh\"", "\"sigmoid\"", "\"identity\"", "\"ReLu\""}},
        Mistake{"training.loss_function",
                nullptr,
                "not_allowed",
                "training.loss_function",
                {"\"mean_squared_error\"", "null"}},
        Mistake{"training.clip",
                {{"mode", "local"}},
                "not_allowed",
                "training.clip.mode",
                {"\"per_variable\"", "\"global\"", "\"none\"", "\"local\""}},
        Mistake{"training.reduction",
                "median",
                "not_allowed",
                "training.reduction",
                {"\"mean\"", "\"sum\"", "\"median\""}},
        Mistake{"training.schedule.type",
                "linear",
                "not_allowed",
                "training.schedule.type",
                {"\"constant\"", "\"exponential\"", "\"cosine\"", "\"step\"", "\"linear\""}},
        Mistake{"training.optimizer",
                {{"type", "Adam"}, {"epsilon_mode", "pytorch"}},
                "not_allowed",
                "training.optimizer.epsilon_mode",
                {"\"tensorflow\"", "\"torch\"", "\"pytorch\""}}));

INSTANTIATE_TEST_SUITE_P(
    Schedules, Mistaken,
    testing::Values(
        Mistake{"training.schedule", "cosine", "wrong_type", "training.schedule", {"\"type\"", "\"cosine\""}},
        Mistake{"training.schedule",
                {{"type", "constant"}, {"warm_up", -1}},
                "out_of_range",
                "training.schedule.warm_up",
                {"at least 0", "iterations", "-1"}},
        Mistake{"training.schedule",
                {{"type", "exponential"}, {"decay_rate", -.5}},
                "out_of_range",
                "training.schedule.decay_rate",
                {"above 0", "at most 1", "-0.5"}},
        Mistake{"training.schedule",
                {{"type", "exponential"}, {"decay_steps", 0}},
                "out_of_range",
                "training.schedule.decay_steps",
                {"at least 1", "found 0"}},
        Mistake{"training.schedule",
                {{"type", "cosine"}, {"decay_steps", 0}},
                "out_of_range",
                "training.schedule.decay_steps",
                {"at least 1", "found 0"}},
        Mistake{"training.schedule",
                {{"type", "cosine"}, {"final", 2}},
                "out_of_range",
                "training.schedule.final",
                {"at most 1", "found 2"}},
        Mistake{"training.schedule",
                {{"type", "step"}, {"every", .5}},
                "wrong_type",
                "training.schedule.every",
                {"a whole number", "0.5"}}));

INSTANTIATE_TEST_SUITE_P(Optimizers, Mistaken,
                         testing::Values(Mistake{"training.optimizer",
                                                 {{"type", "SGD"}, {"momentum", 1}},
                                                 "out_of_range",
                                                 "training.optimizer.momentum",
                                                 {"below 1", "found 1"}},
                                         Mistake{"training.optimizer",
                                                 {{"type", "RMSProp"}, {"decay", -1}},
                                                 "out_of_range",
                                                 "training.optimizer.decay",
                                                 {"at least 0", "-1"}},
                                         Mistake{"training.optimizer",
                                                 {{"type", "AdamW"}, {"weight_decay", -.1}},
                                                 "out_of_range",
                                                 "training.optimizer.weight_decay",
                                                 {"at least 0", "-0.1"}},
                                         Mistake{"training.optimizer",
                                                 {{"type", "Adagrad"}, {"initial_accumulator_value", 0}},
                                                 "out_of_range",
                                                 "training.optimizer.initial_accumulator_value",
                                                 {"at least", "found 0"}}));

INSTANTIATE_TEST_SUITE_P(
    Rules, Mistaken,
    testing::Values(Mistake{"task.dt", 101, "out_of_range", "task.dt", {"task.tau", "100 ms", "101 ms"}},
                    Mistake{"task.T", 1000001, "out_of_range", "task.T", {"1 to 100000", "100001"}},
                    Mistake{"task.dt", 1e-320, "out_of_range", "task.T", {"1 to 100000", "inf"}}));

// With the change, this experiment asks for more memory than there is.
TEST(Document, ThatNeedsTooMuchMemoryIsRefusedWithHowMuch) {
  const auto problems = problems_of(
      hello_world({{"task", {{"T", 1000000}, {"N_batch", 65536}}}, {"network", {{"N_rec", 4096}}}}));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "too_large");
  EXPECT_NE(problems[0].message.find("GB"), std::string::npos) << problems[0].message;
  EXPECT_FALSE(problems[0].hint.empty());
}

TEST(Document, OfHelloWorldHasTheDefaultsOfTheReference) {
  const Json document = resolved(hello_world());
  const Json expected = Json::parse(R"({
    "nullcline": 1, "name": "", "seed": 1, "conventions": "standard", "arithmetic": "auto",
    "task": {"type": "PerceptualDiscrimination", "dt": 10, "tau": 100, "T": 2000, "N_batch": 128,
             "coherence": null, "direction": null},
    "network": {"type": "Basic", "N_rec": 50, "transfer_function": "relu", "rec_noise": 0,
                "initializer": {"type": "GaussianSpectralRadius", "spec_rad": 1.1}},
    "training": {"training_iters": 50000, "iterations": null, "learning_rate": 0.001, "loss_epoch": 10,
                 "loss_function": "mean_squared_error",
                 "reduction": "mean", "schedule": {"type": "constant", "warm_up": 0},
                 "optimizer": {"type": "Adam", "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8,
                               "epsilon_mode": "tensorflow"},
                 "clip_grads": true, "clip": {"mode": "per_variable", "norm": 1}}
  })");
  // New fields may come; these keep their defaults.
  const auto compare = [](const auto& self, const Json& wanted, const Json& found,
                          const std::string& path) -> void {
    for (const auto& [name, value] : wanted.items()) {
      ASSERT_TRUE(found.contains(name)) << path << name;
      if (value.is_object())
        self(self, value, found[name], path + name + ".");
      else
        EXPECT_EQ(found[name], value) << path << name;
    }
  };
  compare(compare, expected, document, "");
}

TEST(Document, OfTypesAloneIsHelloWorld) {
  Json shortest = Json::parse(
      R"({"nullcline": 1, "task": {"type": "PerceptualDiscrimination"}, "network": {"type": "Basic"}})");
  EXPECT_EQ(resolved(shortest), resolved(hello_world()));
}

TEST(Document, ResolvedIsItsOwnResolution) {
  for (const Json& document :
       {hello_world(), support::odd_sizes(), hello_world({{"task", {{"coherence", {{"exponential", .3}}}}}}),
        hello_world({{"task", {{"coherence", {.1, .2}}}}})}) {
    const Json once = resolved(document);
    EXPECT_EQ(resolved(once), once);
    EXPECT_EQ(resolved(Json::parse(once.dump())).dump(), once.dump());
  }
}

TEST(Document, WholeNumbersMayBeWrittenWithAPoint) {
  const Json document = resolved(Json::parse(
      R"({"nullcline": 1.0, "seed": 3e2, "task": {"type": "PerceptualDiscrimination", "N_batch": 16.0},
          "network": {"type": "Basic"}})"));
  EXPECT_EQ(document["seed"].dump(), "300");
  EXPECT_EQ(document["task"]["N_batch"].dump(), "16");
}

TEST(Document, NamesAnUnknownFieldAndTheNearestKnownOne) {
  struct Slip {
    Json changes;
    const char* path;
    const char* meant;
  };
  for (const Slip& slip :
       {Slip{{{"taks", 1}}, "taks", "task"}, Slip{{{"Seed", 1}}, "Seed", "seed"},
        Slip{{{"task", {{"coherance", 1}}}}, "task.coherance", "coherence"},
        Slip{{{"network", {{"N_recc", 1}}}}, "network.N_recc", "N_rec"},
        Slip{{{"network", {{"initializer", {{"type", "GaussianSpectralRadius"}, {"spec_red", 1}}}}}},
             "network.initializer.spec_red",
             "spec_rad"},
        Slip{{{"training", {{"learningrate", 1}}}}, "training.learningrate", "learning_rate"},
        Slip{{{"training", {{"clip", {{"nrom", 1}}}}}}, "training.clip.nrom", "norm"}}) {
    const auto problems = problems_of(hello_world(slip.changes));
    ASSERT_EQ(problems.size(), 1u) << slip.path;
    EXPECT_EQ(problems[0].code, "unknown_field");
    EXPECT_EQ(problems[0].path, slip.path);
    EXPECT_NE(problems[0].message.find(slip.meant), std::string::npos) << problems[0].message;
    EXPECT_EQ(problems[0].hint, "Did you mean \"" + std::string(slip.meant) + "\"?") << slip.path;
  }
}

TEST(Document, SuggestsNothingForAFieldThatIsNearToNone) {
  const auto problems = problems_of(hello_world({{"wavelength", 1}}));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].hint, "");
}

TEST(Document, NamesFieldsThatAreMissingAndWhatTheyMustBe) {
  const auto problems = problems_of(Json::object());
  ASSERT_EQ(problems.size(), 3u);
  const char* paths[] = {"nullcline", "task", "network"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(problems[i].code, "missing_field");
    EXPECT_EQ(problems[i].path, paths[i]);
    EXPECT_NE(problems[i].message.find("must be"), std::string::npos) << problems[i].message;
  }
  const auto typeless =
      problems_of(Json::parse(R"({"nullcline": 1, "task": {"dt": 10}, "network": {"type": "Basic"}})"));
  ASSERT_EQ(typeless.size(), 1u);
  EXPECT_EQ(typeless[0].code, "missing_field");
  EXPECT_EQ(typeless[0].path, "task.type");
  EXPECT_NE(typeless[0].message.find("PerceptualDiscrimination"), std::string::npos);
}

TEST(Document, TellsOfAllProblemsAtOnce) {
  const auto problems = problems_of(Json::parse(R"({
    "nullcline": 1, "seed": -1, "color": "red",
    "task": {"type": "PerceptualDiscrimination", "dt": 0, "N_batch": "many", "coherence": [0.1, "x", -1]},
    "network": {"type": "Basik"},
    "training": {"learning_rate": 100, "optimizer": {"type": "Adam", "beta_3": 0.5}}
  })"));
  std::vector<std::string> paths;
  for (const Problem& problem : problems) paths.push_back(problem.path);
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(paths, (std::vector<std::string>{"color", "network.type", "seed", "task.N_batch",
                                             "task.coherence[1]", "task.coherence[2]", "task.dt",
                                             "training.learning_rate", "training.optimizer.beta_3"}));
}

TEST(Document, ThatIsNotAnObjectIsRefused) {
  for (const char* text : {"null", "3", "\"text\"", "[]", "true"}) {
    const auto problems = problems_of(Json::parse(text));
    ASSERT_EQ(problems.size(), 1u) << text;
    EXPECT_EQ(problems[0].code, "wrong_type") << text;
    EXPECT_EQ(problems[0].path, "") << text;
    EXPECT_NE(problems[0].message.find(text), std::string::npos) << problems[0].message;
  }
}

TEST(Document, ArithmeticThatIsNotToBeHadIsRefused) {
  for (const char* arithmetic : {"plain", "fused"}) {
    const bool available =
        arithmetic_available(arithmetic == std::string("fused") ? Arithmetic::fused : Arithmetic::plain);
    const auto problems = problems_of(hello_world({{"arithmetic", arithmetic}}));
    ASSERT_EQ(problems.size(), available ? 0u : 1u) << arithmetic;
    if (available) continue;
    EXPECT_EQ(problems[0].code, "not_available");
    EXPECT_EQ(problems[0].path, "arithmetic");
  }
}

TEST(Document, PlainArithmeticIsUsedWhereItIsAskedFor) {
  const Experiment plain = support::experiment(hello_world({{"arithmetic", "plain"}}));
  EXPECT_EQ(plain.kernels->arithmetic, Arithmetic::plain);
  const Experiment chosen = support::experiment(hello_world());
  EXPECT_EQ(chosen.kernels->arithmetic,
            arithmetic_available(Arithmetic::fused) ? Arithmetic::fused : Arithmetic::plain);
}

TEST(Document, IsReadToAnExperimentAtOnce) {
  const Experiment experiment = read_experiment(support::odd_sizes().dump());
  EXPECT_EQ(experiment.seed, 5u);
  EXPECT_EQ(experiment.network->N_rec(), 13);
  EXPECT_EQ(experiment.task->N_batch(), 37);
  EXPECT_EQ(experiment.document, resolved(support::odd_sizes()));
  EXPECT_THROW(read_experiment("{"), Failure);
  EXPECT_THROW(read_experiment("{}"), Failure);
}

// ---------------------------------------------------------------------------------------------------------------------
// Texts that mean harm: each ends in one problem, whose sentence is short and proper UTF-8, or in a document.

void expect_presentable(const Problem& problem) {
  for (const std::string& text : {problem.code, problem.path, problem.message, problem.hint}) {
    EXPECT_LT(text.size(), 2000u) << problem.code;
    EXPECT_NO_THROW(Json(text).dump()) << "not UTF-8";
  }
  EXPECT_FALSE(problem.code.empty());
  EXPECT_FALSE(problem.message.empty());
}

std::vector<Problem> problems_of_text(const std::string& text) {
  std::vector<Problem> problems;
  const Json document = parse_document(text, problems);
  if (!problems.empty()) {
    EXPECT_EQ(problems.size(), 1u);
    EXPECT_TRUE(document.is_null());
  } else {
    resolve_document(document, problems);
  }
  for (const Problem& problem : problems) expect_presentable(problem);
  return problems;
}

void expect_not_json(const std::string& text) {
  const auto problems = problems_of_text(text);
  ASSERT_EQ(problems.size(), 1u) << text.substr(0, 100);
  EXPECT_EQ(problems[0].code, "not_json") << text.substr(0, 100);
}

/// Hello World with that text as the value of task.coherence.
std::string with_coherence(const std::string& value) {
  return R"({"nullcline": 1, "network": {"type": "Basic"}, "task": {"type": "PerceptualDiscrimination", "coherence": )" +
         value + "}}";
}

TEST(HostileText, ThatIsNotJsonIsRefused) {
  for (const char* text : {"", " ", "{", "}", "nul", "{\"a\": }", "{\"a\": 1,}", "[1 2]", "'a'", "{} {}",
                           "// comment", R"("\ud800")", "\"a\nb\"", "01", "+1", "1.", ".5", "0x10"})
    expect_not_json(text);
}

TEST(HostileText, SaysWhereItStopsBeingJson) {
  const auto problems = problems_of_text("{\n  \"nullcline\": 1,\n  \"seed\": oops\n}");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("line 3"), std::string::npos) << problems[0].message;
}

TEST(HostileText, NumbersThatAreNotNumbersAreRefused) {
  for (const char* number : {"NaN", "nan", "Infinity", "-Infinity", "inf", "1e999", "-1e999"})
    expect_not_json(with_coherence(number));
}

TEST(HostileText, NumbersTooSmallForFloat64AreZero) {
  const auto problems = problems_of_text(
      R"({"nullcline": 1, "network": {"type": "Basic"},
          "task": {"type": "PerceptualDiscrimination", "dt": 1e-999}})");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "task.dt");
  EXPECT_EQ(problems[0].code, "out_of_range");
}

TEST(HostileText, WholeNumbersBeyond64BitsAreRefused) {
  for (const char* seed : {"18446744073709551616", "18446744073709551615", "-9223372036854775809", "1e300"}) {
    const auto problems = problems_of_text(R"({"nullcline": 1, "network": {"type": "Basic"},
      "task": {"type": "PerceptualDiscrimination"}, "seed": )" +
                                           std::string(seed) + "}");
    ASSERT_EQ(problems.size(), 1u) << seed;
    EXPECT_EQ(problems[0].path, "seed");
  }
}

TEST(HostileText, InvalidUtf8IsRefused) {
  for (const char* bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80", "\x80"})
    expect_not_json(R"({"name": ")" + std::string(bytes) + R"("})");
}

TEST(HostileText, ZeroBytesAreRefused) {
  expect_not_json(std::string("{}\0", 3));
  expect_not_json(std::string("{\"a\0b\": 1}", 10));
}

TEST(HostileText, DeepNestingIsRefused) {
  constexpr int deep = 100000;
  const auto nested = [](const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < deep; ++i) text += open;
    text += "1";
    for (int i = 0; i < deep; ++i) text += close;
    return text;
  };
  for (const std::string& value : {nested("[", "]"), nested("{\"a\":", "}"), nested("[{\"a\":", "}]")}) {
    EXPECT_EQ(problems_of_text(value).size(), 1u);
    EXPECT_EQ(problems_of_text(with_coherence(value)).size(), 1u);
    EXPECT_EQ(problems_of_text(R"({"nullcline": 1, "x": )" + value + "}").size(), 1u);
  }
  EXPECT_EQ(problems_of_text(std::string(deep, '[')).size(), 1u);
}

TEST(HostileText, NestingThatIsStillReadIsNamedInAProblem) {
  std::string value = "1";
  for (int i = 0; i < 20; ++i) value = "[" + value + "]";
  EXPECT_EQ(problems_of_text(with_coherence(value)).size(), 1u);
}

TEST(HostileText, OfSeventeenMegabytesIsNotRead) {
  const auto problems = problems_of_text(std::string(std::size_t{17} << 20, ' '));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "too_large");
  EXPECT_NE(problems[0].message.find("17825792"), std::string::npos) << problems[0].message;
  EXPECT_NE(problems[0].message.find("16777216"), std::string::npos) << problems[0].message;
}

TEST(HostileText, LongStringsAreCutInTheProblem) {
  const std::string megabytes(std::size_t{10} << 20, 'x');
  EXPECT_EQ(problems_of_text(with_coherence("\"" + megabytes + "\"")).size(), 1u);
  EXPECT_EQ(problems_of_text("{\"nullcline\": 1, \"" + megabytes + "\": 1}").size(), 3u);
  EXPECT_EQ(problems_of_text("\"" + megabytes + "\"").size(), 1u);
  expect_not_json("\"" + megabytes);
  expect_not_json(R"({"a": ")" + megabytes + "\x01\"}");
}

TEST(HostileText, NamesAreCutBetweenCharacters) {
  std::string name = "x";
  for (int i = 0; i < 100; ++i) name += "é";
  EXPECT_EQ(problems_of_text("{\"nullcline\": 1, \"" + name + "\": 1}").size(), 3u);
  EXPECT_EQ(problems_of_text("{\"nullcline\": 1, \"y" + name + "\": 1}").size(), 3u);
}

/// An object of so many fields that nobody knows.
std::string object_of(int fields) {
  std::string text = "{";
  for (int i = 0; i < fields; ++i) {
    if (i > 0) text += ",";
    text += "\"unknown_" + std::to_string(i) + "\": 1";
  }
  return text + "}";
}

TEST(HostileText, FieldsBeyondReasonAreOneProblem) {
  for (const std::string& text :
       {object_of(500000), "[" + object_of(1001) + "]", with_coherence(object_of(5000))}) {
    const auto problems = problems_of_text(text);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].code, "too_large");
    EXPECT_NE(problems[0].message.find("1000 fields"), std::string::npos) << problems[0].message;
  }
}

TEST(HostileText, UnknownFieldsAreAProblemEach) {
  EXPECT_EQ(problems_of_text(object_of(90)).size(), 93u);     // three are missing
  EXPECT_EQ(problems_of_text(object_of(1000)).size(), 103u);  // nobody reads more
}

TEST(HostileText, LongListsAreRefusedWithoutLookingAtEveryValue) {
  std::string list = "[0";
  for (int i = 0; i < 1000000; ++i) list += ",-1";
  const auto problems = problems_of_text(with_coherence(list + "]"));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "task.coherence");
  EXPECT_NE(problems[0].message.find("1000001 values"), std::string::npos) << problems[0].message;
}

TEST(HostileText, OfRepeatedKeysMeansTheLast) {
  std::vector<Problem> problems;
  const Json document = parse_document(
      R"({"nullcline": 1, "seed": 3, "network": {"type": "Basic"},
          "task": {"type": "PerceptualDiscrimination"}, "seed": 4})",
      problems);
  EXPECT_EQ(resolve_document(document, problems)["seed"], 4);
  EXPECT_TRUE(problems.empty());
}

TEST(HostileText, OfJavaScriptsPrototypeIsAnUnknownField) {
  const auto problems = problems_of(hello_world(Json::parse(R"({"__proto__": {"seed": 3}})")));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "unknown_field");
}

}  // namespace

}  // namespace nullcline
