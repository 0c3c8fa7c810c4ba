#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::drawn_parameters;
using support::hello_world;

/// Places in this task's trial parameters.
enum : std::size_t { stimulus_1, delay, stimulus_2, decision, end, stim_noise, f1, f2, choice };

Json discrimination_document(Json task = Json::object()) {
  task["type"] = "DelayedDiscrimination";
  return hello_world({{"task", task}});
}

TrialParameters parameters_given(const Json& params) {
  const Session session(support::experiment(discrimination_document()), 1);
  TrialRequest request;
  request.params = Json::array({params});
  return session.draw(request).parameters.front();
}

/// Durations of onset, first stimulus, delay, second stimulus, decision.
std::vector<TrialParameters> durations(std::vector<TrialParameters> trials) {
  for (TrialParameters& trial : trials)
    for (std::size_t i = end; i > stimulus_1; --i) trial[i] -= trial[i - 1];
  return trials;
}

TEST(DelayedDiscrimination, DurationsCoverTheirRanges) {
  const auto trials = durations(drawn_parameters(discrimination_document()));  // T is 2000
  for (const std::size_t part : {stimulus_1, delay, stimulus_2, decision, end}) {
    const double most = part == stimulus_1 || part == end ? 250 : 500;
    const auto [shortest, longest] = support::range(trials, part);
    EXPECT_GE(shortest, -1e-9) << part;
    EXPECT_LT(shortest, .2) << part;
    EXPECT_GT(longest, most - .2) << part;
    EXPECT_LT(longest, most + 1e-9) << part;
  }
}

TEST(DelayedDiscrimination, DurationsAreAsGivenAndLeaveTheOthersAsTheyWere) {
  const auto free = durations(drawn_parameters(discrimination_document(), 1000));
  const char* const fields[] = {"onset_time", "stim_duration_1", "delay_duration", "stim_duration_2",
                                "decision_duration"};
  for (std::size_t part = stimulus_1; part <= end; ++part) {
    const auto fixed = durations(drawn_parameters(discrimination_document({{fields[part], 123}}), 1000));
    for (std::size_t trial = 0; trial < free.size(); ++trial)
      for (std::size_t i = 0; i < free[trial].size(); ++i)
        ASSERT_NEAR(fixed[trial][i], i == part ? 123 : free[trial][i], 1e-9) << fields[part] << ", " << i;
  }
}

TEST(DelayedDiscrimination, DrawsFivePairsInBothOrders) {
  std::map<std::pair<double, double>, int> found;
  for (const TrialParameters& trial : drawn_parameters(discrimination_document())) {
    ++found[{trial[f1], trial[f2]}];
    ASSERT_EQ(std::abs(trial[f1] - trial[f2]), 8);
    ASSERT_EQ(trial[choice], trial[f1] > trial[f2] ? 0 : 1);
  }
  ASSERT_EQ(found.size(), 10u);
  for (const auto& [pair, count] : found) EXPECT_NEAR(count, 2000, 4 * 42.5) << pair.first;
}

TEST(DelayedDiscrimination, ChoiceFollowsFromGivenFrequencies) {
  EXPECT_EQ(parameters_given({{"f1", 30}, {"f2", 12}})[choice], 0);
  EXPECT_EQ(parameters_given({{"f1", 12}, {"f2", 30}})[choice], 1);
  EXPECT_EQ(parameters_given({{"f1", 0}})[choice], 1);
  EXPECT_EQ(parameters_given({{"f2", 100}})[choice], 1);
}

TEST(DelayedDiscrimination, FrequenciesFollowFromAGivenChoice) {
  for (const int given : {0, 1}) {
    const TrialParameters trial = parameters_given({{"choice", given}});
    EXPECT_EQ(trial[choice], given);
    EXPECT_EQ(trial[f1] > trial[f2], given == 0);
    EXPECT_EQ(std::abs(trial[f1] - trial[f2]), 8);
  }
}

TEST(DelayedDiscrimination, GivenFrequenciesAndChoiceStayAsTheyAre) {
  const TrialParameters trial = parameters_given({{"f1", 30}, {"f2", 12}, {"choice", 1}});
  EXPECT_EQ(trial[f1], 30);
  EXPECT_EQ(trial[f2], 12);
  EXPECT_EQ(trial[choice], 1);
}

TEST(DelayedDiscrimination, MayEndBeforeAnythingIsAsked) {
  const Session session(support::experiment(discrimination_document({{"onset_time", 3000}})), 1);
  TrialRequest request;
  request.noise = false;
  const Trials trials = session.draw(request);
  for (const float value : trials.x) ASSERT_EQ(value, 0);
  for (const float value : trials.mask) ASSERT_EQ(value, 0);
  EXPECT_TRUE(std::isnan(Session(support::experiment(discrimination_document({{"onset_time", 3000}})), 1)
                             .test(10, 0)
                             .accuracy.share()));
}

TEST(DelayedDiscrimination, DurationsThatCannotBeAreRefused) {
  for (const Json& value : {Json(-1), Json("long"), Json::array({1}), Json(1e8)}) {
    const auto problems = support::problems_of(discrimination_document({{"delay_duration", value}}));
    ASSERT_EQ(problems.size(), 1u) << value;
    EXPECT_EQ(problems[0].path, "task.delay_duration");
  }
  const auto problems = support::problems_of(discrimination_document({{"delay_duration", "long"}}));
  EXPECT_EQ(
      problems.front().message,
      R"(task.delay_duration must be null or a number at least 0 and at most 10000000 (ms); found "long".)");
}

}  // namespace

}  // namespace nullcline
