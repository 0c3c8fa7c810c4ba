// Networks of which connections are taken away, networks without input, and the smallest runs.
#include "engine/simulation/lesion.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/experiment/lesion_file.h"
#include "tests/engine/golden_run.h"
#include "tests/engine/reference.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::expect_same_bits;

constexpr int N_rec = 13, steps = 20, count = 19;
constexpr double dt = 20;

/// A network of 13 noisy units with dt 20, or an LSTM.
std::unique_ptr<Session> session_of(const std::string& type = "Basic", int threads = 2) {
  Json document = support::odd_sizes({{"network", {{"type", type}}}});
  if (type == "LSTM") document["network"].erase("rec_noise");
  return std::make_unique<Session>(support::experiment(document), threads);
}

Trials trials_of_all_sizes() { return support::random_trials({count, steps, 2, 2, N_rec}, 8); }

Lesion of_units(std::vector<int> numbers, std::optional<Window> window = {}) {
  Lesion lesion;
  lesion.units = std::move(numbers);
  lesion.window = window;
  return lesion;
}

/// What `lesion` leaves of W_rec as a matrix for each step: columns of units in a stretch of steps.
Lesion of_columns(const std::vector<int>& numbers, int first, int end) {
  Lesion lesion;
  lesion.changes_in_time = true;
  for (int step = 0; step < steps; ++step)
    for (int i = 0; i < N_rec * N_rec; ++i) {
      const bool listed = std::count(numbers.begin(), numbers.end(), i % N_rec) > 0;
      lesion.connectivity.push_back(listed && step >= first && step < end ? 0.0f : 1.0f);
    }
  return lesion;
}

TEST(Lesion, OfUnitsInAWindowTakesTheirColumnsAndTheirReadoutAway) {
  // From 100 ms on and before 300 ms are the steps 5 to 14.
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of();
  const auto silenced = session->run(trials, of_units({2, 5}, Window{100, 300}));
  const auto masked = session->run(trials, of_columns({2, 5}, 5, 15));
  expect_same_bits(masked.states, silenced.states, "states");
  expect_same_bits(masked.rates, silenced.rates, "rates");
  EXPECT_NE(silenced.states, session->run(trials).states);
  const ParameterLayout& layout = session->experiment().network->layout();
  const FloatBuffer weights = session->effective_weights();
  const auto W_out = support::part_of(layout, "W_out", weights),
             b_out = support::part_of(layout, "b_out", weights);
  for (int trial = 0; trial < count; ++trial)
    for (int step = 0; step < steps; ++step)
      for (int k = 0; k < 2; ++k) {
        const auto row = static_cast<std::size_t>(trial * steps + step);
        const auto output = row * 2 + static_cast<std::size_t>(k);
        if (step < 5 || step >= 15) {
          ASSERT_EQ(silenced.outputs[output], masked.outputs[output]) << trial << " " << step;
          continue;
        }
        double expected = b_out[static_cast<std::size_t>(k)];
        for (std::size_t i = 0; i < N_rec; ++i)
          if (i != 2 && i != 5)
            expected += W_out[static_cast<std::size_t>(k) * N_rec + i] * silenced.rates[row * N_rec + i];
        ASSERT_NEAR(silenced.outputs[output], expected, 1e-5) << trial << " " << step;
        ASSERT_NE(silenced.outputs[output], masked.outputs[output]);
      }
}

TEST(Lesion, OfAllUnitsLeavesTheBiasOfTheOutputs) {
  const Trials trials = trials_of_all_sizes();
  std::vector<int> all;
  for (int i = 0; i < N_rec; ++i) all.push_back(i);
  for (const char* type : {"Basic", "LSTM"}) {
    const auto session = session_of(type);
    FloatBuffer raw = session->trainer().raw_weights();
    const ParameterLayout& layout = session->experiment().network->layout();
    support::put(layout, "b_out", {.25, -.5}, raw);
    session->trainer().set_weights(raw);
    const auto silent = session->run(trials, of_units(all));
    for (std::size_t i = 0; i < silent.outputs.size(); ++i)
      ASSERT_EQ(silent.outputs[i], i % 2 == 0 ? .25f : -.5f) << type;
    EXPECT_NE(silent.states, session->run(trials).states) << type;
  }
}

TEST(Lesion, WithoutAWindowIsThatOfTheWholeTrial) {
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of();
  const auto always = session->run(trials, of_units({0, 12}));
  const auto window = session->run(trials, of_units({0, 12}, Window{0, 1e9}));
  expect_same_bits(always.outputs, window.outputs, "outputs");
  expect_same_bits(always.states, window.states, "states");
}

TEST(Lesion, ThatTakesNothingAwayChangesNoBit) {
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of();
  const auto whole = session->run(trials);
  Lesion ones;
  ones.connectivity.assign(N_rec * N_rec, 1.0f);
  for (const Lesion& lesion : {Lesion{}, ones, of_columns({}, 0, 0), of_units({3}, Window{100, 100}),
                               of_units({3}, Window{1e6, 2e6})}) {
    const auto run = session->run(trials, lesion);
    expect_same_bits(whole.outputs, run.outputs, "outputs");
    expect_same_bits(whole.states, run.states, "states");
  }
}

TEST(Lesion, OfConnectionsIsAMatrixForAllStepsOrOneForEach) {
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of();
  support::Numbers numbers(6);
  Lesion constant, changing;
  for (int i = 0; i < N_rec * N_rec; ++i)
    constant.connectivity.push_back(numbers.uniform(0, 1) < .5f ? 0 : 1);
  changing.changes_in_time = true;
  for (int step = 0; step < steps; ++step)
    changing.connectivity.insert(changing.connectivity.end(), constant.connectivity.begin(),
                                 constant.connectivity.end());
  const auto expected = session->run(trials, constant);
  expect_same_bits(expected.outputs, session->run(trials, changing).outputs, "outputs");
  // The same as a network that has only those connections.
  FloatBuffer raw = session->trainer().raw_weights();
  const std::size_t first = session->experiment().network->layout().find("W_rec")->offset;
  for (std::size_t i = 0; i < N_rec * N_rec; ++i) raw[first + i] *= constant.connectivity[i];
  session->trainer().set_weights(raw);
  expect_same_bits(session->run(trials).outputs, expected.outputs, "outputs");
}

TEST(Lesion, LeavesTheNetworkWhole) {
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of();
  const std::string hash = session->hash();
  const auto before = session->run(trials);
  session->run(trials, of_units({1, 2, 3}));
  EXPECT_EQ(session->hash(), hash);
  expect_same_bits(before.outputs, session->run(trials).outputs, "outputs");
  EXPECT_EQ(support::floats(session->experiment().network->effective_weights()),
            support::floats(session->effective_weights()));
}

TEST(Lesion, IsTheSameWithAnyNumberOfThreads) {
  const Trials trials = support::random_trials({50, steps, 2, 2, N_rec}, 8);
  const Lesion lesion = of_units({4, 7}, Window{60, 200});
  const auto alone = session_of("Basic", 1)->run(trials, lesion);
  for (const int threads : {2, 3})
    expect_same_bits(alone.outputs, session_of("Basic", threads)->run(trials, lesion).outputs, "outputs");
}

TEST(Lesion, OfAnLstmsUnitTakesItsWayToGatesAndOutputs) {
  const Trials trials = trials_of_all_sizes();
  const auto session = session_of("LSTM");
  const auto silenced = session->run(trials, of_units({4}));
  FloatBuffer raw = session->trainer().raw_weights();
  const ParameterLayout& layout = session->experiment().network->layout();
  for (const char* gate : {"W_f", "W_i", "W_c", "W_o"})
    for (std::size_t to = 0; to < N_rec; ++to) raw[layout.find(gate)->offset + 4 * N_rec + to] = 0;
  for (std::size_t k = 0; k < 2; ++k) raw[layout.find("W_out")->offset + k * N_rec + 4] = 0;
  EXPECT_NE(silenced.outputs, session->run(trials).outputs);
  session->trainer().set_weights(raw);
  const auto expected = session->run(trials);
  expect_same_bits(expected.outputs, silenced.outputs, "outputs");
  expect_same_bits(expected.states, silenced.states, "hidden states");
}

TEST(StepsAlike, EndWhereTheMatrixChangesOrTheWindowBeginsAndEnds) {
  const auto lengths = [](const Lesion& lesion) {
    std::vector<int> all;
    for (int first = 0; first < steps;) {
      all.push_back(steps_alike(lesion, N_rec, first, steps, dt));
      first += all.back();
    }
    return all;
  };
  EXPECT_EQ(lengths(of_units({1})), (std::vector<int>{20}));
  EXPECT_EQ(lengths(of_units({1}, Window{100, 300})), (std::vector<int>{5, 10, 5}));
  EXPECT_EQ(lengths(of_units({1}, Window{101, 299})), (std::vector<int>{6, 9, 5}));
  EXPECT_EQ(lengths(of_units({1}, Window{0, 20})), (std::vector<int>{1, 19}));
  EXPECT_EQ(lengths(of_units({1}, Window{390, 1000})), (std::vector<int>{20}));
  EXPECT_EQ(lengths(of_units({1}, Window{380, 1000})), (std::vector<int>{19, 1}));
  EXPECT_EQ(lengths(of_columns({1}, 3, 4)), (std::vector<int>{3, 1, 16}));
  EXPECT_EQ(lengths(of_columns({1}, 0, steps)), (std::vector<int>{20}));
  Lesion both = of_columns({1}, 3, 10);
  both.units = {0};
  both.window = Window{100, 1e6};
  EXPECT_EQ(lengths(both), (std::vector<int>{3, 2, 5, 10}));
  Lesion constant;
  constant.connectivity.assign(N_rec * N_rec, 0.0f);
  EXPECT_EQ(lengths(constant), (std::vector<int>{20}));
}

Problem problem_of(const Lesion& lesion, const std::string& type = "Basic") {
  try {
    session_of(type)->run(trials_of_all_sizes(), lesion);
  } catch (const Failure& failure) {
    return failure.problem();
  }
  return {};
}

TEST(Lesion, ThatDoesNotFitIsRefusedWithWhatIsAllowed) {
  struct Bad {
    Lesion lesion;
    const char* code;
    std::vector<std::string> told;
    const char* type = "Basic";
  };
  Lesion short_matrix, short_series = of_columns({1}, 0, 1), of_lstm;
  short_matrix.connectivity.assign(N_rec * N_rec - 1, 1.0f);
  short_series.connectivity.pop_back();
  of_lstm.connectivity.assign(N_rec * N_rec, 1.0f);
  for (const Bad& bad : {Bad{of_units({13}), "out_of_range", {"units", "0 to 12", "13"}},
                         Bad{of_units({-1}), "out_of_range", {"units", "0 to 12", "-1"}},
                         Bad{of_units({1}, Window{300, 100}), "out_of_range", {"window", "300", "100"}},
                         Bad{short_matrix, "wrong_shape", {"connectivity", "13 × 13", "168"}},
                         Bad{short_series, "wrong_shape", {"t_connectivity", "20 × 13 × 13", "3379"}},
                         Bad{of_lstm, "not_available", {"W_rec", "silence units"}, "LSTM"}}) {
    const Problem problem = problem_of(bad.lesion, bad.type);
    EXPECT_EQ(problem.code, bad.code) << problem.message;
    for (const std::string& text : bad.told)
      EXPECT_NE(problem.message.find(text), std::string::npos)
          << problem.message << "\ndoes not say " << text;
  }
}

TEST(LesionFile, HoldsMatricesOrUnits) {
  const auto file = [](const std::vector<NamedArray>& arrays) {
    return lesion_of(*support::memory_file("lesion.npz", arrays), /*N_rec=*/2);
  };
  const std::vector<float> four = {1, 0, .5, 1};
  const Lesion constant = file({support::named_array("connectivity", {2, 2}, four)});
  EXPECT_EQ(constant.connectivity, four);
  EXPECT_FALSE(constant.changes_in_time);
  const Lesion changing = file({support::named_array("t_connectivity", {1, 2, 2}, four)});
  EXPECT_EQ(changing.connectivity, four);
  EXPECT_TRUE(changing.changes_in_time);
  const Lesion silent =
      file({support::named_array("units", {3}, {4, 0, 7}), support::named_array("window", {2}, {100, 250})});
  EXPECT_EQ(silent.units, (std::vector<int>{4, 0, 7}));
  ASSERT_TRUE(silent.window);
  EXPECT_EQ(silent.window->from, 100);
  EXPECT_EQ(silent.window->to, 250);
  EXPECT_FALSE(file({support::named_array("units", {1}, {4})}).window);
  const auto path_of = [&](const std::vector<NamedArray>& arrays) {
    try {
      file(arrays);
    } catch (const Failure& failure) {
      return failure.problem().path;
    }
    return std::string("nothing");
  };
  EXPECT_EQ(path_of({support::named_array("weights", {2, 2}, four)}), "lesion.npz");
  EXPECT_EQ(path_of({support::named_array("units", {1}, {1.5f})}), "lesion.npz: units");
  EXPECT_EQ(path_of({support::named_array("units", {1}, {-1})}), "lesion.npz: units");
  EXPECT_EQ(path_of({support::named_array("connectivity", {4}, four)}), "lesion.npz: connectivity");
  EXPECT_EQ(path_of({support::named_array("connectivity", {1, 4}, four)}), "lesion.npz: connectivity");
  EXPECT_EQ(path_of({support::named_array("t_connectivity", {2, 2}, four)}), "lesion.npz: t_connectivity");
  // As many values as one step of two units has, but of other matrices.
  EXPECT_EQ(path_of({support::named_array("t_connectivity", {4, 1, 1}, four)}), "lesion.npz: t_connectivity");
  EXPECT_EQ(path_of({support::named_array("units", {1}, {1}), support::named_array("window", {1}, {1})}),
            "lesion.npz: window");
}

TEST(AutonomousRun, IsARunWithInputsOfZero) {
  for (const char* type : {"Basic", "LSTM"}) {
    const auto session = session_of(type);
    Trials silent;
    silent.count = 3;
    silent.N_steps = 17;
    silent.N_in = silent.N_out = 2;
    silent.x.assign(3 * 17 * 2, 0.0f);
    const auto expected = session->run(silent), run = session->run_autonomously(3, 17);
    expect_same_bits(expected.outputs, run.outputs, "outputs");
    expect_same_bits(expected.states, run.states, "states");
    EXPECT_EQ(run.states.size(), 3u * 17u * N_rec);
    EXPECT_NE(session->run_autonomously(3, 17, of_units({1})).outputs, run.outputs);
  }
}

TEST(AutonomousRun, RefusesNumbersOfTrialsAndStepsBelowOne) {
  const auto session = session_of();
  EXPECT_THROW(session->run_autonomously(0, 10), Failure);
  EXPECT_THROW(session->run_autonomously(1, 0), Failure);
  EXPECT_THROW(session->run_autonomously(1, -5), Failure);
}

TEST(SmallestRun, OfOneTrialOneInputAndOneStepIsThatOfTheSlowOne) {
  for (const char* type : {"Basic", "LSTM"})
    for (const char* conventions : {"standard", "psychrnn"})
      for (const int few_trials : {1, 2})
        for (const int length : {1, 2}) {
          const Trials trials = support::random_trials({few_trials, length, 1, 1}, 2);
          const auto session = support::session_learning(
              support::part_of(trials, 0, 1),
              {{"conventions", conventions}, {"network", {{"type", type}, {"N_rec", 3}}}});
          const auto expected =
              support::Reference(session->experiment())
                  .run(support::doubles(session->trainer().raw_weights()), support::part_of(trials, 0, 1));
          const auto run = session->run(support::part_of(trials, 0, 1));
          support::expect_close(expected.outputs, run.outputs, 1e-5, "outputs");
          support::expect_close(expected.states, run.states, 1e-5, "states");
          // A second trial changes nothing for the first.
          const auto all = session->run(trials);
          expect_same_bits(run.outputs, {all.outputs.begin(), all.outputs.begin() + length}, "outputs");
        }
}

}  // namespace

}  // namespace nullcline
