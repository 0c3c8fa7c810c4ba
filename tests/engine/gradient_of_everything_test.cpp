// Gradients of every network with every loss, penalty and constraint, against differences in float64.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "tests/engine/golden_run.h"
#include "tests/engine/reference.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

struct Part {
  std::string name;
  /// Changes to the document.
  Json changes;
};

void PrintTo(const Part& part, std::ostream* out) { *out << part.name; }

constexpr int units = 5, inputs = 3, outputs = 2, trials_in_all = 9;

std::vector<Part> continuous_time_networks() {
  std::vector<Part> networks;
  for (const std::string function : {"relu", "tanh", "sigmoid", "identity", "softplus", "leaky_relu", "gelu"})
    networks.push_back({"basic_" + function,
                        {{"network",
                          {{"type", "Basic"},
                           {"N_rec", units},
                           {"rec_noise", .2},
                           {"transfer_function", function},
                           {"negative_slope", .3},
                           {"beta", 2.5}}}}});
  return networks;
}

/// Penalties on the activity of an LSTM are of a function of its hidden states. These are smooth.
std::vector<Part> lstm_networks() {
  std::vector<Part> networks;
  for (const std::string conventions : {"standard", "psychrnn"})
    for (const std::string function : {"identity", "softplus"})
      networks.push_back({"lstm_" + conventions + "_" + function,
                          {{"conventions", conventions},
                           {"network", {{"type", "LSTM"}, {"N_rec", 3}, {"transfer_function", function}}}}});
  return networks;
}

const std::vector<Part> losses = {
    {"squares", {{"training", {{"loss_function", "mean_squared_error"}}}}},
    {"cross_entropy", {{"training", {{"loss_function", "binary_cross_entropy"}}}}},
    {"logits", {{"training", {{"loss_function", "binary_cross_entropy_with_logits"}}}}}};

Part penalty(const std::string& name, const Json& coefficients, const char* reduction = "mean") {
  return {name, {{"training", {{"regularization", coefficients}, {"reduction", reduction}}}}};
}

const std::vector<Part> penalties_to_try = {
    penalty("no_penalty", Json::object()), penalty("L1", {{"L1_in", .3}, {"L1_rec", .2}, {"L1_out", .1}}),
    penalty("L2", {{"L2_in", .3}, {"L2_rec", .2}, {"L2_out", .1}}),
    penalty("firing_rate", {{"L2_firing_rate", .4}}),
    penalty("sums", {{"L1_in", .3}, {"L2_rec", .2}, {"L1_rec", .1}, {"L2_out", .2}, {"L2_firing_rate", .01}},
            "sum")};

const Json masks = {{"input_connectivity", {{"pattern", "rows"}, {"from", 0}, {"to", 3}}},
                    {"rec_connectivity",
                     {{1, 0, 1, 1, 0}, {1, 1, 1, 0, 1}, {0, 1, 1, 0, 1}, {1, 1, 0, 0, 1}, {0, 0, 1, 1, 1}}},
                    {"output_connectivity", {{1, 1, 0, 1, 1}, {0, 1, 1, 1, 1}}}};

Json with(Json object, const Json& more) {
  object.update(more);
  return object;
}

const std::vector<Part> constraints = {{"free", Json::object()},
                                       {"masks", {{"network", masks}}},
                                       {"Dale", {{"network", {{"dale_ratio", .6}}}}},
                                       {"Dale_signs_masks_tau",
                                        {{"network", with(masks, {{"Dale_rec", {1, -1, 1, 1, -1}},
                                                                  {"Dale_out", {1, -1, 0, 1, 1}},
                                                                  {"tau", {20, 60, 100, 37.5, 80}},
                                                                  {"autapses", false}})}}}};

using Combination = std::tuple<Part, Part, Part, Part>;

std::string name_of_combination(const testing::TestParamInfo<Combination>& test) {
  const auto& [network, loss, penalty, constraint] = test.param;
  return network.name + "_" + loss.name + "_" + penalty.name + "_" + constraint.name;
}

class GradientOf : public testing::TestWithParam<Combination> {};

INSTANTIATE_TEST_SUITE_P(ContinuousTime, GradientOf,
                         testing::Combine(testing::ValuesIn(continuous_time_networks()),
                                          testing::ValuesIn(losses), testing::ValuesIn(penalties_to_try),
                                          testing::ValuesIn(constraints)),
                         name_of_combination);
INSTANTIATE_TEST_SUITE_P(Lstm, GradientOf,
                         testing::Combine(testing::ValuesIn(lstm_networks()), testing::ValuesIn(losses),
                                          testing::ValuesIn(penalties_to_try),
                                          testing::Values(constraints.front())),
                         name_of_combination);

/// Weights with biases, which drawn ones do not have, and away from 0, where |w| has a kink. Outputs are
/// about one half, well inside of what cross-entropy takes for probabilities.
FloatBuffer random_weights(const ParameterLayout& layout) {
  support::Numbers numbers(23);
  FloatBuffer raw(layout.size());
  for (float& weight : raw) weight = std::copysign(numbers.uniform(.05, .6), numbers.uniform(-1, 1));
  const Variable &W_out = *layout.find("W_out"), &b_out = *layout.find("b_out");
  for (std::size_t i = 0; i < W_out.size(); ++i) raw[W_out.offset + i] *= .3f;
  for (std::size_t i = 0; i < b_out.size(); ++i) raw[b_out.offset + i] = .5f;
  return raw;
}

/// Trials whose targets are above the outputs, so that what they ask for does not cancel out: float32 cannot
/// tell a sum exactly that is far smaller than its terms.
Trials trials_that_agree(int N_steps, int N_rec) {
  Trials trials = support::random_trials({trials_in_all, N_steps, inputs, outputs, N_rec}, 29);
  for (float& target : trials.y) target = .6f + .4f * target;
  return trials;
}

TEST_P(GradientOf, IsTheDifferenceOfTheObjective) {
  const auto& [network, loss, penalty, constraint] = GetParam();
  const bool is_lstm = network.changes["network"]["type"] == "LSTM";
  Json changes = {{"conventions", "standard"}, {"task", {{"dt", 15}, {"tau", 60}}}};
  for (const Part* part : {&network, &loss, &penalty, &constraint}) changes.merge_patch(part->changes);
  // An LSTM's steps go beyond a block of 25, which for the other is tested in gradient_test.cpp.
  const Trials trials = trials_that_agree(is_lstm ? 27 : 7, is_lstm ? 0 : units);
  std::vector<double> expected;
  for (const std::string& arithmetic : support::arithmetics()) {
    changes["arithmetic"] = arithmetic;
    const auto session = support::session_learning(trials, changes);
    const ParameterLayout& layout = session->experiment().network->layout();
    const FloatBuffer raw = random_weights(layout);
    session->trainer().set_weights(raw);
    const BatchGradient found = session->gradient(trials);
    const support::Reference reference(session->experiment());
    const std::vector<double> weights = support::doubles(raw);
    EXPECT_NEAR(found.loss, reference.loss(weights, trials), 1e-5 * found.loss);
    EXPECT_NEAR(found.regularization, reference.regularization(weights, trials), 1e-5 * found.regularization);
    if (expected.empty()) expected = reference.differences(weights, trials, is_lstm ? 1e-3 : 1e-6);
    for (const Variable& variable : layout.variables()) {
      const auto from = expected.begin() + static_cast<std::ptrdiff_t>(variable.offset);
      support::expect_close({from, from + static_cast<std::ptrdiff_t>(variable.size())},
                            support::part_of(layout, variable.name, found.raw), 1e-4,
                            arithmetic + " gradient of " + variable.name);
    }
  }
}

TEST(LstmRun, AgreesWithTheSlowForwardPass) {
  const Trials trials = support::random_trials({19, 30, inputs, outputs}, 3);
  const auto session = support::session_learning(
      trials, {{"conventions", "standard"}, {"network", {{"type", "LSTM"}, {"N_rec", 13}}}});
  const FloatBuffer raw = random_weights(session->experiment().network->layout());
  session->trainer().set_weights(raw);
  const auto run = session->run(trials);
  const auto expected = support::Reference(session->experiment()).run(support::doubles(raw), trials);
  support::expect_close(expected.outputs, run.outputs, 1e-4, "outputs");
  support::expect_close(expected.states, run.states, 1e-4, "hidden states");
  EXPECT_EQ(run.states, run.rates) << "its readout sees the hidden states";
}

TEST(CrossEntropyGradient, IsNothingWhereOutputsAreHeld) {
  const Trials trials = support::random_trials({9, 12, inputs, outputs}, 3);
  const auto session = support::session_learning(
      trials, {{"network", {{"N_rec", units}}}, {"training", {{"loss_function", "binary_cross_entropy"}}}});
  const ParameterLayout& layout = session->experiment().network->layout();
  FloatBuffer raw = random_weights(layout);
  // The first output is beyond 1 at all times, the second below 0.
  raw[layout.find("b_out")->offset] = 50;
  raw[layout.find("b_out")->offset + 1] = -50;
  session->trainer().set_weights(raw);
  const BatchGradient gradient = session->gradient(trials);
  EXPECT_GT(gradient.loss, 1);
  for (const float value : gradient.raw) EXPECT_EQ(value, 0);
}

}  // namespace

}  // namespace nullcline
