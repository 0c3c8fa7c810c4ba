// Training allocates no memory in its loops over time: an iteration asks for memory as often whether its
// trials have ten steps or two hundred. A program of its own, because it replaces every `operator new`.
#include <gtest/gtest.h>

#include "tests/engine/allocation_counter.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

struct Kind {
  const char* name;
  Json changes;
};

class Allocations : public testing::TestWithParam<Kind> {
 protected:
  /// Of one iteration, after two that made room, with trials of so many steps.
  static long of_an_iteration(int steps) {
    Json document = support::odd_sizes(GetParam().changes);
    document["task"]["dt"] = 10;
    document["task"]["T"] = 10 * steps;
    document["training"]["loss_epoch"] = 1000;
    Session session(support::experiment(document), 1);
    session.trainer().step({2, 1e9});
    const long before = support::allocations();
    session.trainer().step({1, 1e9});
    const long count = support::allocations() - before;
    EXPECT_EQ(session.trainer().progress().iteration, 3);
    return count;
  }
};

INSTANTIATE_TEST_SUITE_P(
    Networks, Allocations,
    testing::Values(Kind{"Plain", Json::object()},
                    Kind{"ConstrainedAndPenalised",
                         {{"network",
                           {{"dale_ratio", .7},
                            {"rec_connectivity", {{"pattern", "random"}, {"density", .5}}}}},
                          {"training",
                           {{"loss_function", "binary_cross_entropy_with_logits"},
                            {"regularization", {{"L1_rec", .1}, {"L2_out", .1}, {"L2_firing_rate", .1}}}}}}},
                    Kind{"Lstm",
                         {{"network", {{"type", "LSTM"}, {"rec_noise", nullptr}}},
                          {"training", {{"regularization", {{"L2_firing_rate", .1}}}}}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(Allocations, AreAsManyForTenStepsAsForTwoHundred) {
  EXPECT_EQ(of_an_iteration(10), of_an_iteration(200));
}

class TrainingBytes : public testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(
    Experiments, TrainingBytes,
    testing::Values(Kind{"ManyTrials", {{"task", {{"N_batch", 2000}}}}},
                    Kind{"ManyTrialsThatAreMeasured",
                         {{"task", {{"N_batch", 2000}}},
                          {"training", {{"performance_cutoff", .99}, {"performance_epoch", 1}}}}},
                    Kind{"ManyUnits", {{"network", {{"N_rec", 200}, {"rec_noise", .1}}}}},
                    Kind{"Lstm",
                         {{"network", {{"type", "LSTM"}, {"N_rec", 100}}},
                          {"training", {{"regularization", {{"L2_firing_rate", .1}}}}}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(TrainingBytes, AreWhatTrainingTakes) {
  Json document = support::hello_world(
      {{"task", {{"dt", 10}, {"T", 10000}, {"N_batch", 32}}}, {"network", {{"N_rec", 10}}}});
  document.merge_patch(GetParam().changes);
  const support::MemoryWatch watch;
  Session session(support::experiment(document), 1);
  session.trainer().step({2, 1e9});
  const double taken = static_cast<double>(watch.most()), told = training_bytes(session.experiment(), 1);
  EXPECT_LT(taken, 1.1 * told + 1e6);
  EXPECT_GT(taken, 0.8 * told);
}

TEST(AllocationCounter, Counts) {
  const long before = support::allocations();
  std::vector<int>* vector = new std::vector<int>(10);
  FloatBuffer buffer(100);
  EXPECT_EQ(support::allocations() - before, 3);
  delete vector;
}

}  // namespace

}  // namespace nullcline
