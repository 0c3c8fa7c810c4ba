// The forward pass: against the slow one, and for what must not matter.
#include "engine/networks/network.h"

#include <gtest/gtest.h>

#include "tests/engine/reference.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::expect_same_bits;
using support::part_of;
using support::random_trials;

const std::vector<std::string> transfer_functions = {"relu", "tanh", "sigmoid", "identity"};

Json document_of(int N_rec, const std::string& transfer_function, double rec_noise) {
  return support::hello_world(
      {{"task", {{"dt", 20}, {"tau", 100}}},
       {"network", {{"N_rec", N_rec}, {"transfer_function", transfer_function}, {"rec_noise", rec_noise}}}});
}

std::vector<double> doubles(const FloatBuffer& block) { return {block.begin(), block.end()}; }

TEST(Basic, AgreesWithTheSlowForwardPass) {
  for (const std::string& function : transfer_functions)
    for (const double rec_noise : {0.0, 0.1})
      for (const int N_rec : {1, 6, 13}) {
        const Trials trials = random_trials({19, 30, 3, 2, N_rec}, static_cast<unsigned>(N_rec));
        Session session(support::experiment_on(trials, document_of(N_rec, function, rec_noise)), 1);
        const auto run = session.run(trials);
        const auto expected =
            support::Reference(session.experiment()).run(doubles(session.trainer().raw_weights()), trials);
        const std::string what = function + " with " + std::to_string(N_rec) + " units";
        support::expect_close(expected.outputs, run.outputs, 1e-4, what + ": outputs");
        support::expect_close(expected.states, run.states, 1e-4, what + ": states");
      }
}

TEST(Basic, RatesAreTheTransferFunctionOfTheStates) {
  const Trials trials = random_trials({3, 20, 2, 2}, 1);
  Session session(support::experiment_on(trials, document_of(13, "relu", 0)), 1);
  const auto run = session.run(trials);
  for (std::size_t i = 0; i < run.states.size(); ++i)
    ASSERT_EQ(run.rates[i], run.states[i] > 0 ? run.states[i] : 0);
}

/// What a run gives for one of its trials.
std::vector<float> of_trial(const std::vector<float>& values, int count, int trial) {
  const auto size = static_cast<std::ptrdiff_t>(values.size()) / count;
  return {values.begin() + trial * size, values.begin() + (trial + 1) * size};
}

TEST(Basic, ATrialDoesNotDependOnThoseBesideIt) {
  for (const int count : {1, 7, 8, 9, 17, 33}) {
    const Trials trials = random_trials({count, 12, 2, 2, 13}, static_cast<unsigned>(count));
    Session session(support::experiment_on(trials, document_of(13, "tanh", 0.1)), 2);
    const auto together = session.run(trials);
    for (int trial = 0; trial < count; ++trial) {
      const auto alone = session.run(part_of(trials, trial, 1));
      const std::string what = std::to_string(trial) + " of " + std::to_string(count);
      expect_same_bits(of_trial(together.outputs, count, trial), alone.outputs, "outputs of trial " + what);
      expect_same_bits(of_trial(together.states, count, trial), alone.states, "states of trial " + what);
      EXPECT_EQ(together.scores[static_cast<std::size_t>(trial)], alone.scores[0]) << what;
    }
  }
}

TEST(Basic, DrawnNoiseOfATrialDoesNotDependOnHowManyThereAre) {
  Trials trials = random_trials({33, 12, 2, 2}, 1);  // no noise given, so it is drawn
  Session session(support::experiment_on(trials, document_of(13, "relu", 0.3)), 2);
  const auto all = session.run(trials);
  for (const int count : {1, 7, 8, 9, 17}) {
    const auto some = session.run(part_of(trials, 0, count));
    expect_same_bits(
        {all.states.begin(), all.states.begin() + static_cast<std::ptrdiff_t>(some.states.size())},
        some.states, std::to_string(count) + " trials");
  }
}

TEST(Basic, DrawnNoiseHasItsScale) {
  // With no weights a state is s' = (1 − α) s + √(2 α) σ n, whose variance is 2 α σ² / (1 − (1 − α)²) in the
  // end.
  const Trials trials = random_trials({64, 400, 1, 1}, 1);
  Session session(support::experiment_on(trials, document_of(20, "relu", 0.5)), 2);
  FloatBuffer raw(session.trainer().raw_weights().size());
  raw.fill(0);
  session.trainer().set_weights(raw);
  const auto run = session.run(trials);
  double squares = 0, count = 0;
  for (std::size_t i = 0; i < run.states.size(); ++i) {
    if (i / 20 % 400 < 50) continue;  // until the initial state is forgotten
    squares += static_cast<double>(run.states[i]) * static_cast<double>(run.states[i]);
    ++count;
  }
  const double expected = 2 * .2 * .25 / (1 - .64);
  EXPECT_NEAR(squares / count, expected, .02 * expected);
}

TEST(Basic, NoiseIsNotUsedWhereTheNetworkHasNone) {
  const Trials trials = random_trials({5, 12, 2, 2, 13}, 1);
  Trials without = trials;
  without.noise.clear();
  Session session(support::experiment_on(trials, document_of(13, "relu", 0)), 1);
  EXPECT_EQ(session.run(trials).states, session.run(without).states);
}

TEST(Basic, ItsWeightsAreNamedAndShapedAsPsychRnnsAre) {
  const Experiment experiment = support::experiment(document_of(13, "relu", 0));
  const ParameterLayout& layout = experiment.network->layout();
  struct Expected {
    const char* name;
    int rows, columns;
    bool is_vector;
  };
  std::size_t offset = 0;
  for (const Expected& expected : {Expected{"W_in", 13, 2, false},
                                   {"W_rec", 13, 13, false},
                                   {"W_out", 2, 13, false},
                                   {"b_rec", 13, 1, true},
                                   {"b_out", 2, 1, true},
                                   {"init_state", 1, 13, false}}) {
    const Variable* variable = layout.find(expected.name);
    ASSERT_NE(variable, nullptr) << expected.name;
    EXPECT_EQ(variable->rows, expected.rows) << expected.name;
    EXPECT_EQ(variable->columns, expected.columns) << expected.name;
    EXPECT_EQ(variable->is_vector, expected.is_vector) << expected.name;
    EXPECT_EQ(variable->offset, offset) << expected.name;
    offset += variable->size();
  }
  EXPECT_EQ(layout.size(), offset);
  EXPECT_EQ(layout.find("W_nothing"), nullptr);
}

}  // namespace

}  // namespace nullcline
