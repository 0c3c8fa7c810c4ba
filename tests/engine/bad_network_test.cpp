// What is refused in the document's fields of networks, constraints, initial weights, penalties and
// curricula, and how.
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "tests/engine/memory_files.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

/// A change of the document that makes it wrong, and what must be said about it.
struct NetworkMistake {
  const char* name;
  /// Where the value is put: names joined by points.
  std::string field;
  Json value;
  const char* code;
  /// The field, or the file and array, at fault.
  const char* path;
  /// Texts that the message must hold: what was found and what is allowed.
  std::vector<std::string> told;
};

void PrintTo(const NetworkMistake& mistake, std::ostream* out) {
  *out << mistake.field << " = " << mistake.value;
}

/// Four units; two inputs and two outputs.
Json document_with(const std::string& field, const Json& value) {
  Json document = support::hello_world({{"network", {{"N_rec", 4}}}});
  Json* place = &document;
  std::istringstream names(field);
  for (std::string name; std::getline(names, name, '.');) place = &(*place)[name];
  *place = value;
  return document;
}

/// Files of weights that are good, not finite, or not all there.
void add_files(support::MemoryFiles& files) {
  std::vector<float> weights(16, 1.0f);
  files.add("good.npz", {support::named_array("W_rec", {4, 4}, weights)});
  weights[5] = std::numeric_limits<float>::quiet_NaN();
  files.add("nan.npz", {support::named_array("W_rec", {4, 4}, weights)});
  files.add("narrow.npz", {support::named_array("W_rec", {2, 8}, std::vector<float>(16, 1.0f))});
}

class Refused : public testing::TestWithParam<NetworkMistake> {};

TEST_P(Refused, WithPathFoundAndAllowed) {
  const NetworkMistake& mistake = GetParam();
  support::MemoryFiles files;
  add_files(files);
  const auto problems = support::problems_of(document_with(mistake.field, mistake.value), files);
  ASSERT_EQ(problems.size(), 1u);
  const Problem& problem = problems[0];
  EXPECT_EQ(problem.code, mistake.code) << problem.message;
  EXPECT_EQ(problem.path, mistake.path) << problem.message;
  const std::string path = mistake.path;
  EXPECT_EQ(problem.message.find(path.substr(0, path.find(':'))), 0u) << problem.message;
  for (const std::string& text : mistake.told)
    EXPECT_NE(problem.message.find(text), std::string::npos) << problem.message << "\ndoes not say " << text;
}

const auto name_of_mistake = [](const testing::TestParamInfo<NetworkMistake>& test) {
  return std::string(test.param.name);
};

constexpr const char* mask_path = "network.rec_connectivity";

INSTANTIATE_TEST_SUITE_P(
    Matrices, Refused,
    testing::Values(
        NetworkMistake{
            "TooFewRows", mask_path, {{1, 0}, {0, 1}}, "wrong_shape", mask_path, {"4 × 4", "2 rows"}},
        NetworkMistake{"TooManyColumns",
                       "network.input_connectivity",
                       {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}},
                       "wrong_shape",
                       "network.input_connectivity",
                       {"4 × 2", "a row of 3"}},
        NetworkMistake{"RaggedRows",
                       mask_path,
                       {{1, 1, 1, 1}, {1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}},
                       "wrong_shape",
                       mask_path,
                       {"4 × 4", "a row of 3"}},
        NetworkMistake{"NumbersAmongRows",
                       mask_path,
                       {{1, 1, 1, 1}, 1, {1, 1, 1, 1}, {1, 1, 1, 1}},
                       "wrong_shape",
                       mask_path,
                       {"4 × 4", "numbers among lists"}},
        NetworkMistake{
            "FlatMatrix", mask_path, {1, 1, 1, 1}, "wrong_shape", mask_path, {"4 × 4", "a list of 4"}},
        NetworkMistake{"Text", mask_path, "ring", "wrong_type", mask_path, {"pattern", "\"ring\""}},
        NetworkMistake{"HugeNumber",
                       "network.output_connectivity",
                       {{1, 1, 1, 1e300}, {1, 1, 1, 1}},
                       "out_of_range",
                       "network.output_connectivity[0][3]",
                       {"1e+300", "1000000000"}},
        NetworkMistake{"OfAMissingFile",
                       mask_path,
                       {{"file", "mask.npz"}, {"key", "m"}},
                       "no_file",
                       "network.rec_connectivity.file",
                       {"mask.npz"}},
        NetworkMistake{"OfAFileWithoutAName",
                       mask_path,
                       {{"file", ""}, {"key", "m"}},
                       "no_file",
                       "network.rec_connectivity.file",
                       {"names no file"}},
        NetworkMistake{"OfAMissingArray",
                       mask_path,
                       {{"file", "good.npz"}, {"key", "W_rek"}},
                       "missing_array",
                       "good.npz: W_rek",
                       {"W_rec"}},
        NetworkMistake{"OfAnArrayOfAnotherShape",
                       mask_path,
                       {{"file", "narrow.npz"}, {"key", "W_rec"}},
                       "wrong_shape",
                       mask_path,
                       {"4 × 4", "(2, 8)"}},
        NetworkMistake{"OfAnArrayThatIsNotFinite",
                       mask_path,
                       {{"file", "nan.npz"}, {"key", "W_rec"}},
                       "bad_file",
                       "nan.npz: W_rec",
                       {"finite", "value 5"}},
        NetworkMistake{"WithoutInputs",
                       "network.input_connectivity",
                       {{"pattern", "none"}},
                       "empty_mask",
                       "network.input_connectivity",
                       {"no connection"}},
        NetworkMistake{"WithoutOutputs",
                       "network.output_connectivity",
                       {{0, 0, 0, 0}, {0, 0, 0, 0}},
                       "empty_mask",
                       "network.output_connectivity",
                       {"no connection"}}),
    name_of_mistake);

INSTANTIATE_TEST_SUITE_P(
    Patterns, Refused,
    testing::Values(
        NetworkMistake{"OfAnUnknownName",
                       mask_path,
                       {{"pattern", "rign"}},
                       "not_allowed",
                       "network.rec_connectivity.pattern",
                       {"\"ring\"", "\"modules\"", "\"rign\""}},
        NetworkMistake{"WhoseModulesDoNotAddUp",
                       mask_path,
                       {{"pattern", "modules"}, {"sizes", {1, 2}}, {"connected", {{1, 0}, {0, 1}}}},
                       "wrong_shape",
                       "network.rec_connectivity.sizes",
                       {"4", "found 3"}},
        NetworkMistake{"WhoseTableIsNotSquare",
                       mask_path,
                       {{"pattern", "modules"}, {"sizes", {2, 2}}, {"connected", {{1, 0, 1}, {0, 1, 1}}}},
                       "wrong_shape",
                       "network.rec_connectivity.connected",
                       {"2 lists of 2"}},
        NetworkMistake{"OfModulesWithoutSizes",
                       mask_path,
                       {{"pattern", "modules"}, {"connected", {{1}}}},
                       "missing_field",
                       "network.rec_connectivity.sizes",
                       {"must be"}},
        NetworkMistake{"OfModulesWithoutATable",
                       mask_path,
                       {{"pattern", "modules"}, {"sizes", {4}}},
                       "missing_field",
                       "network.rec_connectivity.connected",
                       {"must be"}},
        NetworkMistake{"OfModulesForInputs",
                       "network.input_connectivity",
                       {{"pattern", "modules"}, {"sizes", {4}}, {"connected", {{1}}}},
                       "wrong_shape",
                       "network.input_connectivity.sizes",
                       {"4 × 2"}},
        NetworkMistake{"TooDense",
                       mask_path,
                       {{"pattern", "random"}, {"density", 2}},
                       "out_of_range",
                       "network.rec_connectivity.density",
                       {"at most 1", "found 2"}},
        NetworkMistake{"TooWide",
                       mask_path,
                       {{"pattern", "ring"}, {"width", .6}},
                       "out_of_range",
                       "network.rec_connectivity.width",
                       {"at most 0.5", "0.6"}},
        NetworkMistake{"WithoutLength",
                       mask_path,
                       {{"pattern", "distance"}, {"length", 0}},
                       "out_of_range",
                       "network.rec_connectivity.length",
                       {"above 0", "found 0"}},
        NetworkMistake{"WithoutAnEnd",
                       mask_path,
                       {{"pattern", "rows"}, {"from", 1}},
                       "missing_field",
                       "network.rec_connectivity.to",
                       {"must be"}},
        NetworkMistake{"WithAnUnknownField",
                       mask_path,
                       {{"pattern", "ring"}, {"with", .2}},
                       "unknown_field",
                       "network.rec_connectivity.with",
                       {"width"}}),
    name_of_mistake);

INSTANTIATE_TEST_SUITE_P(
    Networks, Refused,
    testing::Values(
        NetworkMistake{"WithoutExcitatoryUnits",
                       "network.dale_ratio",
                       0,
                       "out_of_range",
                       "network.dale_ratio",
                       {"no excitatory unit", "4"}},
        NetworkMistake{"WithLessThanOneExcitatoryUnit",
                       "network.dale_ratio",
                       .2,
                       "out_of_range",
                       "network.dale_ratio",
                       {"no excitatory unit", "4"}},
        NetworkMistake{"WithTooManyExcitatoryUnits",
                       "network.dale_ratio",
                       1.5,
                       "out_of_range",
                       "network.dale_ratio",
                       {"at most 1", "1.5"}},
        NetworkMistake{"WithSignsOfTwoUnits",
                       "network.Dale_rec",
                       {1, -1},
                       "wrong_shape",
                       "network.Dale_rec",
                       {"4", "a list of 2"}},
        NetworkMistake{"WithSignsBesideTheDiagonal",
                       "network.Dale_rec",
                       {{1, 1, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, -1}},
                       "out_of_range",
                       "network.Dale_rec",
                       {"diagonal", "row 0, column 1", "found 1"}},
        NetworkMistake{"WithASignThatIsNone",
                       "network.Dale_rec",
                       {1, .5, -1, -1},
                       "out_of_range",
                       "network.Dale_rec",
                       {"1 or -1", "found 0.5"}},
        NetworkMistake{"WithAUnitOfNoSign",
                       "network.Dale_rec",
                       {{1, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, -1, 0}, {0, 0, 0, -1}},
                       "out_of_range",
                       "network.Dale_rec",
                       {"1 or -1", "found 0"}},
        NetworkMistake{"WithNegativeSignsAlone",
                       "network.Dale_rec",
                       {-1, -1, -1, -1},
                       "out_of_range",
                       "network.Dale_rec",
                       {"no excitatory unit"}},
        NetworkMistake{"WithTauBelowDt",
                       "network.tau",
                       5,
                       "out_of_range",
                       "network.tau",
                       {"task.dt, 10 ms", "found 5 ms"}},
        NetworkMistake{"WithTauOfAUnitBelowDt",
                       "network.tau",
                       {100, 50, 9, 20},
                       "out_of_range",
                       "network.tau",
                       {"task.dt, 10 ms", "found 9 ms"}},
        NetworkMistake{"WithTauOfTwoUnits",
                       "network.tau",
                       {100, 50},
                       "wrong_shape",
                       "network.tau",
                       {"4 units", "found 2"}},
        NetworkMistake{
            "WithTauZero", "network.tau", 0, "out_of_range", "network.tau", {"above 0", "found 0"}},
        NetworkMistake{"WithAnUnknownFunction",
                       "network.transfer_function",
                       "elu",
                       "not_allowed",
                       "network.transfer_function",
                       {"\"softplus\"", "\"leaky_relu\"", "\"gelu\"", "\"elu\""}},
        NetworkMistake{"WithTooSteepASlope",
                       "network.negative_slope",
                       1.5,
                       "out_of_range",
                       "network.negative_slope",
                       {"at most 1", "1.5"}},
        NetworkMistake{"WithoutSharpness",
                       "network.beta",
                       0,
                       "out_of_range",
                       "network.beta",
                       {"at least 0.001", "found 0"}},
        NetworkMistake{"WithAFlagThatIsANumber",
                       "network.W_rec_train",
                       1,
                       "wrong_type",
                       "network.W_rec_train",
                       {"true or false", "1"}},
        NetworkMistake{"WithAutapsesThatAreText",
                       "network.autapses",
                       "no",
                       "wrong_type",
                       "network.autapses",
                       {"true or false", "\"no\""}},
        NetworkMistake{"OfGatesWithNoise",
                       "network",
                       {{"type", "LSTM"}, {"rec_noise", .1}},
                       "unknown_field",
                       "network.rec_noise",
                       {"rec_noise"}},
        NetworkMistake{"OfGatesWithDalesLaw",
                       "network",
                       {{"type", "LSTM"}, {"dale_ratio", .8}},
                       "unknown_field",
                       "network.dale_ratio",
                       {"dale_ratio"}}),
    name_of_mistake);

Json weight_initializer(const Json& fields) {
  Json section = {{"type", "WeightInitializer"}};
  section.update(fields);
  return section;
}

// Signs at the readout follow from those of the units unless they are given.
INSTANTIATE_TEST_SUITE_P(
    Readout, Refused,
    testing::Values(NetworkMistake{
        "WithASignThatIsNone",
        "network",
        {{"type", "Basic"}, {"N_rec", 4}, {"dale_ratio", .5}, {"Dale_out", {1, 1, 0, 2}}},
        "out_of_range",
        "network.Dale_out",
        {"1, 0 or -1", "found 2"}}),
    name_of_mistake);

constexpr const char* initializer_path = "network.initializer";

INSTANTIATE_TEST_SUITE_P(
    InitialWeights, Refused,
    testing::Values(NetworkMistake{"FromMoreToLess",
                                   initializer_path,
                                   weight_initializer({{"which_rand_init", "const_unif"},
                                                       {"init_minval", 1},
                                                       {"init_maxval", -1}}),
                                   "out_of_range",
                                   "network.initializer.init_minval",
                                   {"init_maxval, -1", "found 1"}},
                    NetworkMistake{"OfAnUnknownDistribution",
                                   initializer_path,
                                   weight_initializer({{"which_rand_init", "gauss"}}),
                                   "not_allowed",
                                   "network.initializer.which_rand_init",
                                   {"\"glorot_gauss\"", "\"const_unif\"", "\"gauss\""}},
                    NetworkMistake{"OfAnotherShape",
                                   initializer_path,
                                   weight_initializer({{"W_rec", {{1, 2}, {3, 4}}}}),
                                   "wrong_shape",
                                   "network.initializer.W_rec",
                                   {"4 × 4", "2 rows"}},
                    NetworkMistake{"OfTooShortABias",
                                   initializer_path,
                                   weight_initializer({{"b_rec", {1, 2, 3}}}),
                                   "wrong_shape",
                                   "network.initializer.b_rec",
                                   {"4 × 1", "a list of 3"}},
                    NetworkMistake{"ThatAreNotFinite",
                                   initializer_path,
                                   weight_initializer({{"W_rec", {{"file", "nan.npz"}, {"key", "W_rec"}}}}),
                                   "bad_file",
                                   "nan.npz: W_rec",
                                   {"finite", "value 5"}},
                    NetworkMistake{"OfAMissingFile",
                                   initializer_path,
                                   weight_initializer({{"load_weights_path", "weights.npz"}}),
                                   "no_file",
                                   "network.initializer.load_weights_path",
                                   {"weights.npz"}},
                    NetworkMistake{"OfAFileWithoutOneOfThem",
                                   initializer_path,
                                   weight_initializer({{"load_weights_path", "good.npz"}}),
                                   "missing_array",
                                   "good.npz: W_in",
                                   {"W_rec"}},
                    NetworkMistake{"OfAnUnknownInitializer",
                                   initializer_path,
                                   {{"type", "AlphaIdentiy"}},
                                   "not_allowed",
                                   "network.initializer.type",
                                   {"\"AlphaIdentity\"", "\"AlphaIdentiy\""}}),
    name_of_mistake);

INSTANTIATE_TEST_SUITE_P(Training, Refused,
                         testing::Values(NetworkMistake{"WithAnUnknownFixedWeight",
                                                        "training.fixed_weights",
                                                        {{"W_rek", {{1}}}},
                                                        "unknown_field",
                                                        "training.fixed_weights.W_rek",
                                                        {"W_in", "W_rec", "init_state"}},
                                         NetworkMistake{"WithFixedWeightsOfAnotherShape",
                                                        "training.fixed_weights",
                                                        {{"W_rec", {{1, 0}, {0, 1}}}},
                                                        "wrong_shape",
                                                        "training.fixed_weights.W_rec",
                                                        {"4 × 4", "2 rows"}},
                                         NetworkMistake{"WithWeightsFixedTwice",
                                                        "training.fixed_weights",
                                                        {{"b_out", {0, 2}}},
                                                        "out_of_range",
                                                        "training.fixed_weights.b_out",
                                                        {"0 (free) to 1 (fixed)", "found 2"}},
                                         NetworkMistake{"WithANegativePenalty",
                                                        "training.regularization.L1_rec",
                                                        -1,
                                                        "out_of_range",
                                                        "training.regularization.L1_rec",
                                                        {"at least 0", "-1"}},
                                         NetworkMistake{"WithAnUnknownPenalty",
                                                        "training.regularization.L3_rec",
                                                        1,
                                                        "unknown_field",
                                                        "training.regularization.L3_rec",
                                                        {"L1_rec"}},
                                         NetworkMistake{"WithAnUnknownMeasure",
                                                        "training.performance_measure",
                                                        "speed",
                                                        "not_allowed",
                                                        "training.performance_measure",
                                                        {"\"accuracy\"", "\"loss\"", "\"speed\""}},
                                         NetworkMistake{"WithACutoffOfAccuracyAboveOne",
                                                        "training.performance_cutoff",
                                                        90,
                                                        "out_of_range",
                                                        "training.performance_cutoff",
                                                        {"0 to 1", "accuracy", "90"}},
                                         NetworkMistake{"WithACutoffThatIsText",
                                                        "training.performance_cutoff",
                                                        "high",
                                                        "wrong_type",
                                                        "training.performance_cutoff",
                                                        {"null", "a number", "\"high\""}},
                                         NetworkMistake{"MeasuredEveryZeroIterations",
                                                        "training.performance_epoch",
                                                        0,
                                                        "out_of_range",
                                                        "training.performance_epoch",
                                                        {"at least 1", "found 0"}},
                                         NetworkMistake{"SavedEveryZeroIterations",
                                                        "training.save_training_weights_epoch",
                                                        0,
                                                        "out_of_range",
                                                        "training.save_training_weights_epoch",
                                                        {"at least 1", "found 0"}}),
                         name_of_mistake);

Json stages(const Json& second, const Json& more = Json::object()) {
  Json curriculum = {{"stages", {{{"task", {{"coherence", .5}}}}, {{"task", second}}}}};
  curriculum.update(more);
  return curriculum;
}

INSTANTIATE_TEST_SUITE_P(
    Curricula, Refused,
    testing::Values(
        NetworkMistake{"WithAnUnknownField",
                       "curriculum",
                       stages({{"coherance", .1}}),
                       "unknown_field",
                       "curriculum.stages[1].task.coherance",
                       {"coherence"}},
        NetworkMistake{"WithAValueOutOfRange",
                       "curriculum",
                       stages({{"coherence", -1}}),
                       "out_of_range",
                       "curriculum.stages[1].task.coherence",
                       {"at least 0", "-1"}},
        NetworkMistake{"WithAnotherTimeStep",
                       "curriculum",
                       stages({{"dt", 20}}),
                       "not_allowed",
                       "curriculum.stages[1].task.dt",
                       {"that of the task, 10", "found 20"}},
        NetworkMistake{"WithAnotherBatch",
                       "curriculum",
                       stages({{"N_batch", 20}}),
                       "not_allowed",
                       "curriculum.stages[1].task.N_batch",
                       {"that of the task, 128", "found 20"}},
        NetworkMistake{"WithOtherInputs",
                       "curriculum",
                       stages({{"type", "MatchToCategory"}}),
                       "wrong_shape",
                       "curriculum.stages[1].task",
                       {"2 inputs and 2 outputs", "found 16 and 2"}},
        NetworkMistake{"WithAnUnknownTask",
                       "curriculum",
                       stages({{"type", "MatchToCategry"}}),
                       "not_allowed",
                       "curriculum.stages[1].task.type",
                       {"\"MatchToCategory\"", "\"MatchToCategry\""}},
        NetworkMistake{"WithTooLongATrial",
                       "curriculum",
                       stages({{"T", 1000001}}),
                       "out_of_range",
                       "curriculum.stages[1].task.T",
                       {"1 to 100000", "100001"}},
        NetworkMistake{"WithAThresholdThatIsText",
                       "curriculum",
                       stages(Json::object(), {{"threshold", "high"}}),
                       "wrong_type",
                       "curriculum.threshold",
                       {"a number", "\"high\""}},
        NetworkMistake{"WithAnAccuracyAboveOne",
                       "curriculum",
                       stages(Json::object(), {{"threshold", 90}}),
                       "out_of_range",
                       "curriculum.threshold",
                       {"0 to 1", "accuracy", "90"}},
        NetworkMistake{"WithAStagesAccuracyBelowZero",
                       "curriculum",
                       {{"stages", {{{"task", Json::object()}, {"threshold", -0.1}}}}},
                       "out_of_range",
                       "curriculum.stages[0].threshold",
                       {"0 to 1", "accuracy", "-0.1"}},
        NetworkMistake{"WithAStagesThresholdThatIsText",
                       "curriculum",
                       {{"stages", {{{"task", Json::object()}, {"threshold", "high"}}}}},
                       "wrong_type",
                       "curriculum.stages[0].threshold",
                       {"a number", "\"high\""}},
        NetworkMistake{"WithoutStages",
                       "curriculum",
                       {{"stages", Json::array()}},
                       "out_of_range",
                       "curriculum.stages",
                       {"at least 1", "[]"}},
        NetworkMistake{"WithAnUnknownMetric",
                       "curriculum",
                       stages(Json::object(), {{"metric", "speed"}}),
                       "not_allowed",
                       "curriculum.metric",
                       {"\"accuracy\"", "\"speed\""}},
        NetworkMistake{"MeasuredEveryZeroIterations",
                       "curriculum",
                       stages(Json::object(), {{"metric_epoch", 0}}),
                       "out_of_range",
                       "curriculum.metric_epoch",
                       {"at least 1", "found 0"}},
        NetworkMistake{
            "ThatIsNoObject", "curriculum", Json::array({1}), "wrong_type", "curriculum", {"null", "[1]"}}),
    name_of_mistake);

// The same fields filled in well, so that the mistakes above are what is wrong.
TEST(Accepted, AreGoodValuesOfTheSameFields) {
  support::MemoryFiles files;
  add_files(files);
  struct Good {
    const char* field;
    Json value;
  };
  for (const Good& good :
       {Good{mask_path, {{"file", "good.npz"}, {"key", "W_rec"}}}, Good{mask_path, {{"pattern", "ring"}}},
        Good{mask_path, {{"pattern", "modules"}, {"sizes", {1, 3}}, {"connected", {{1, 0}, {0, 1}}}}},
        Good{mask_path, {{"pattern", "random"}}},
        Good{mask_path, {{"pattern", "rows"}, {"from", 1}, {"to", 4}}}, Good{"network.dale_ratio", .25},
        Good{"network.Dale_rec", {1, -1, -1, -1}}, Good{"network.tau", 10},
        Good{"network.tau", {100, 50, 10, 20}}, Good{"network.W_rec_train", false},
        Good{"network.initializer", weight_initializer({{"which_rand_init", "const_unif"}})},
        Good{"training.fixed_weights", {{"b_out", {0, 1}}, {"W_rec", nullptr}}},
        Good{"training.regularization.L1_rec", 1}, Good{"training.performance_cutoff", .9},
        Good{"curriculum", stages({{"T", 1000}})}, Good{"curriculum", nullptr}}) {
    const auto problems = support::problems_of(document_with(good.field, good.value), files);
    EXPECT_TRUE(problems.empty()) << good.field << " = " << good.value << ": " << problems[0].message;
  }
}

}  // namespace

}  // namespace nullcline
