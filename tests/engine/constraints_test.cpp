// What training may not change: signs, masks, fixed weights; and that none of it depends on threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Numbers;
using support::part_of;

const std::vector<Json> optimizers = {
    {{"type", "Adam"}},
    {{"type", "AdamW"}, {"weight_decay", .2}},
    {{"type", "SGD"}, {"momentum", .9}},
    {{"type", "SGD"}, {"momentum", .9}, {"nesterov", true}},
    {{"type", "RMSProp"}, {"momentum", .5}},
    {{"type", "Adagrad"}},
};

/// A matrix of zeros and ones in which every row and every column has a one.
Json random_mask(Numbers& numbers, int rows, int columns) {
  Json mask = Json::array();
  for (int i = 0; i < rows; ++i) {
    Json row = Json::array();
    for (int j = 0; j < columns; ++j)
      row.push_back(i % columns == j || j % rows == i || numbers.uniform(0, 1) < .5f ? 1 : 0);
    mask.push_back(row);
  }
  return mask;
}

/// A small network with masks, Dale's law and penalties that learns so fast that its weights pass zero.
Json random_document(unsigned seed) {
  Numbers numbers(seed);
  const int N_rec = 3 + static_cast<int>(numbers.uniform(0, 9));
  const char* functions[] = {"relu", "tanh", "softplus", "sigmoid"};
  return support::hello_world(
      {{"seed", seed},
       {"task", {{"dt", 20}, {"T", 240}, {"N_batch", 5}}},
       {"network",
        {{"N_rec", N_rec},
         {"transfer_function", functions[seed % 4]},
         {"dale_ratio", numbers.uniform(.4, .9)},
         {"input_connectivity", random_mask(numbers, N_rec, 2)},
         {"rec_connectivity", random_mask(numbers, N_rec, N_rec)},
         {"output_connectivity", random_mask(numbers, 2, N_rec)}}},
       {"training",
        {{"iterations", 12},
         {"learning_rate", .1},
         {"clip_grads", false},
         {"regularization", {{"L1_rec", .01}, {"L2_in", .1}, {"L2_firing_rate", .01}}},
         {"optimizer", optimizers[seed % optimizers.size()]}}}});
}

class Seeds : public testing::TestWithParam<unsigned> {};

INSTANTIATE_TEST_SUITE_P(Documents, Seeds, testing::Range(0u, 24u));

TEST_P(Seeds, UnderDalesLawColumnsKeepTheirSigns) {
  Session session(support::experiment(random_document(GetParam())), 1);
  const ParameterLayout& layout = session.experiment().network->layout();
  const int N_rec = session.experiment().network->N_rec();
  const int excitatory =
      excitatory_units(session.experiment().document["network"]["dale_ratio"], N_rec, Conventions::standard);
  const FloatBuffer before = session.trainer().raw_weights();
  bool some_raw_weight_passed_zero = false;
  for (int iteration = 0; iteration < 12; ++iteration) {
    session.trainer().step({1, 1e9});
    ASSERT_NE(session.trainer().progress().state, TrainingState::diverged);
    const FloatBuffer effective = session.effective_weights();
    for (const float weight : part_of(layout, "W_in", effective)) ASSERT_GE(weight, 0);
    for (const std::string name : {"W_rec", "W_out"}) {
      const std::vector<float> weights = part_of(layout, name, effective);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const bool is_excitatory = static_cast<int>(i) % N_rec < excitatory;
        // Inhibitory units do not reach the outputs.
        const float least = is_excitatory || name == "W_out" ? 0 : -support::infinity;
        const float greatest = is_excitatory ? support::infinity : 0;
        ASSERT_TRUE(weights[i] >= least && weights[i] <= greatest) << name << " " << i << ": " << weights[i];
      }
    }
    for (std::size_t i = 0; i < before.size(); ++i)
      some_raw_weight_passed_zero |= before[i] * session.trainer().raw_weights()[i] < 0;
  }
  // Else the law would not have been tried.
  const bool is_adam = session.experiment().document["training"]["optimizer"]["type"] == "Adam";
  EXPECT_TRUE(some_raw_weight_passed_zero || !is_adam);
}

/// Which elements of a list of rows are `value`.
std::vector<bool> elements_that_are(const Json& rows, int value) {
  std::vector<bool> flags;
  for (const Json& row : rows)
    for (const Json& element : row) flags.push_back(element == value);
  return flags;
}

TEST_P(Seeds, WhatIsMaskedFixedOrNotTrainedNeverMovesByABit) {
  Numbers numbers(GetParam() + 1000);
  Json document = random_document(GetParam());
  const int N_rec = document["network"]["N_rec"];
  const Json fixed = random_mask(numbers, N_rec, N_rec);
  document["training"]["fixed_weights"] = {{"W_rec", fixed}, {"b_out", {1, 0}}};
  document["network"]["W_in_train"] = false;
  document["network"]["init_state_train"] = false;
  if (GetParam() % 2 == 0) document["network"].erase("dale_ratio");
  Session session(support::experiment(document), 1);
  const ParameterLayout& layout = session.experiment().network->layout();
  const FloatBuffer before = session.trainer().raw_weights();
  session.trainer().step({12, 1e9});
  ASSERT_EQ(session.trainer().progress().iteration, 12);
  const FloatBuffer& after = session.trainer().raw_weights();
  const auto moved = [&](const std::string& name) {
    const std::vector<float> old = part_of(layout, name, before), now = part_of(layout, name, after);
    std::vector<bool> flags;
    for (std::size_t i = 0; i < old.size(); ++i)
      flags.push_back(std::bit_cast<std::uint32_t>(old[i]) != std::bit_cast<std::uint32_t>(now[i]));
    return flags;
  };
  for (const std::string name : {"W_in", "init_state"})
    for (const bool has_moved : moved(name)) EXPECT_FALSE(has_moved) << name;
  EXPECT_FALSE(moved("b_out")[0]);
  EXPECT_TRUE(moved("b_out")[1]);
  const auto held = elements_that_are(fixed, 1);
  const auto no_connection = elements_that_are(document["network"]["rec_connectivity"], 0);
  const auto W_rec = moved("W_rec");
  for (std::size_t i = 0; i < W_rec.size(); ++i)
    EXPECT_EQ(W_rec[i], !held[i] && !no_connection[i]) << "W_rec " << i;
  const auto no_output = elements_that_are(document["network"]["output_connectivity"], 0);
  const auto W_out = moved("W_out");
  for (std::size_t i = 0; i < W_out.size(); ++i) EXPECT_FALSE(no_output[i] && W_out[i]) << "W_out " << i;
}

TEST(FixedWeights, ThatAreFixedInPartMoveByTheRest) {
  const Json changes = {{"training",
                         {{"optimizer", {{"type", "SGD"}, {"momentum", 0}}},
                          {"learning_rate", 1},
                          {"clip_grads", false},
                          {"iterations", 1}}}};
  Json part = support::odd_sizes(changes);
  part["training"]["fixed_weights"] = {{"b_out", {.25, 1}}};
  Session free(support::experiment(support::odd_sizes(changes)), 1), held(support::experiment(part), 1);
  const auto step_of = [](Session& session) {
    const ParameterLayout& layout = session.experiment().network->layout();
    const auto before = part_of(layout, "b_out", session.trainer().raw_weights());
    session.trainer().step({1, 1e9});
    auto after = part_of(layout, "b_out", session.trainer().raw_weights());
    for (std::size_t i = 0; i < after.size(); ++i) after[i] -= before[i];
    return after;
  };
  const auto whole = step_of(free), some = step_of(held);
  ASSERT_GT(std::abs(whole[0]), 1e-4);
  EXPECT_NEAR(some[0], .75f * whole[0], 1e-5f * std::abs(whole[0]));
  EXPECT_EQ(some[1], 0);
  EXPECT_NE(whole[1], 0);
}

TEST(FixedWeights, DoNotCountInTheNormThatIsClipped) {
  const Trials trials = support::random_trials({8, 20, 2, 2}, 1);
  Json document =
      support::hello_world({{"network", {{"N_rec", 4}}}, {"training", {{"clip", {{"norm", .01}}}}}});
  const auto gradient = [&] {
    Session session(support::experiment_on(trials, document), 1);
    return part_of(session.experiment().network->layout(), "b_out", session.gradient(trials).clipped);
  };
  const auto free = gradient();
  EXPECT_NEAR(std::hypot(free[0], free[1]), .01, 1e-6) << "it is clipped";
  document["training"]["fixed_weights"] = {{"b_out", {0, 1}}};
  const auto held = gradient();
  EXPECT_NEAR(std::abs(held[0]), .01, 1e-6);
  EXPECT_EQ(held[1], 0);
}

struct Kind {
  const char* name;
  Json changes;
};

class Threads : public testing::TestWithParam<Kind> {};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

const Json penalties_of_all = {{"L1_in", .1},  {"L1_rec", .1}, {"L1_out", .1},        {"L2_in", .1},
                               {"L2_rec", .1}, {"L2_out", .1}, {"L2_firing_rate", .1}};

INSTANTIATE_TEST_SUITE_P(
    Experiments, Threads,
    testing::Values(Kind{"Constrained",
                         {{"network",
                           {{"dale_ratio", .7},
                            {"transfer_function", "softplus"},
                            {"rec_connectivity", {{"pattern", "random"}, {"density", .5}}}}},
                          {"training", {{"regularization", penalties_of_all}}}}},
                    Kind{"Lstm",
                         {{"network", {{"type", "LSTM"}, {"rec_noise", nullptr}}},
                          {"training", {{"regularization", penalties_of_all}}}}},
                    Kind{"PsychRnnsLstm",
                         {{"conventions", "psychrnn"},
                          {"network", {{"type", "LSTM"}, {"rec_noise", nullptr}}},
                          {"training", {{"regularization", penalties_of_all}}}}},
                    Kind{"Curriculum",
                         {{"curriculum",
                           {{"metric_epoch", 2},
                            {"metric", "loss"},
                            {"check_earlier_stages", true},
                            {"threshold", 1e6},
                            {"stages",
                             {{{"task", {{"coherence", .9}}}},
                              {{"task", {{"T", 400}}}},
                              {{"task", {{"coherence", .1}}}},
                              {{"task", {{"coherence", .05}}}, {"threshold", 0}}}}}}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(Threads, AnyNumberOfThemGivesTheSameBits) {
  Json document = support::odd_sizes(GetParam().changes);
  std::vector<std::string> hashes;
  for (const int threads : {1, 2, 3}) {
    Session session(support::experiment(document), threads);
    const std::string initial = session.hash();
    session.trainer().step({9, 1e9});
    EXPECT_EQ(session.trainer().progress().iteration, 9);
    EXPECT_NE(session.hash(), initial);
    hashes.push_back(session.hash());
  }
  EXPECT_EQ(hashes[1], hashes[0]);
  EXPECT_EQ(hashes[2], hashes[0]);
}

TEST_P(Threads, ARunGoesOnFromASnapshotToTheSameBits) {
  const Json document = support::odd_sizes(GetParam().changes);
  Session whole(support::experiment(document), 1), first(support::experiment(document), 1),
      second(support::experiment(document), 2);
  whole.trainer().step({9, 1e9});
  first.trainer().step({5, 1e9});
  second.trainer().restore(first.trainer().snapshot());
  second.trainer().step({4, 1e9});
  EXPECT_EQ(second.hash(), whole.hash());
  EXPECT_EQ(second.trainer().progress().stage, whole.trainer().progress().stage);
}

}  // namespace

}  // namespace nullcline
