#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::counts;
using support::hello_world;

constexpr double pi = std::numbers::pi;

/// Places in this task's trial parameters.
enum : std::size_t { angle, category, onset_time, input_dur, output_dur, stim_noise };

Json category_document(Json task = Json::object(), const std::string& conventions = "standard") {
  task["type"] = "MatchToCategory";
  return hello_world({{"conventions", conventions}, {"task", task}});
}

/// Trials without noise.
Trials trials_of(const Json& experiment, const Json& params) {
  const Session session(support::experiment(experiment), 1);
  TrialRequest request;
  request.params = params;
  request.count = static_cast<int>(params.size());
  request.noise = false;
  return session.draw(request);
}

/// What the channels see of a stimulus at that angle.
std::vector<float> inputs(const Json& experiment, double direction) {
  const Trials trials = trials_of(experiment, Json::array({{{"angle", direction}, {"onset_time", 0}}}));
  return {trials.x.begin(), trials.x.begin() + trials.N_in};
}

TEST(MatchToCategory, HasTheDocumentedSizesAndTimes) {
  const Experiment experiment = support::experiment(category_document());
  EXPECT_EQ(experiment.task->N_in(), 16);
  EXPECT_EQ(experiment.task->N_out(), 2);
  const auto trials = support::drawn_parameters(category_document(), 100);
  for (const TrialParameters& trial : trials) {
    EXPECT_EQ(trial[onset_time], 200);
    EXPECT_EQ(trial[input_dur], 1000);
    EXPECT_EQ(trial[output_dur], 800);
    EXPECT_EQ(trial[stim_noise], .1);
  }
}

TEST(MatchToCategory, TimesAndNoiseAreAsGiven) {
  const auto trials = support::drawn_parameters(
      category_document({{"onset_time", 5}, {"input_dur", 6}, {"output_dur", 7}, {"stim_noise", 0}}), 1);
  EXPECT_EQ(TrialParameters(trials[0].begin() + 2, trials[0].end()), (TrialParameters{5, 6, 7, 0}));
}

TEST(MatchToCategory, DrawsEveryAngleAndItsCategory) {
  const auto trials = support::drawn_parameters(category_document({{"N_out", 5}}));
  double sum = 0;
  for (const TrialParameters& trial : trials) {
    sum += trial[angle];
    ASSERT_EQ(trial[category], std::floor(trial[angle] / (2 * pi / 5)));
  }
  EXPECT_NEAR(sum / 20000, pi, 4 * pi / std::sqrt(3 * 20000));
  const auto found = counts(trials, category);
  ASSERT_EQ(found.size(), 5u);
  for (const auto& [value, count] : found) EXPECT_NEAR(count, 4000, 4 * 56.6) << value;
}

TEST(MatchToCategory, InputChannelsGoAroundTheRingByTheStandardConventions) {
  const Json ring = category_document({{"N_in", 8}});
  // A turn by one channel moves the whole picture on by one.
  auto turned = inputs(ring, 0.3);
  std::rotate(turned.begin(), turned.end() - 1, turned.end());
  const auto found = inputs(ring, 0.3 + pi / 4);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], turned[i], 1e-7) << i;
  EXPECT_NEAR(inputs(ring, 0)[0], 1 / std::sqrt(2 * pi), 1e-7);
  EXPECT_NEAR(inputs(ring, 0)[4], std::exp(-pi * pi / 2) / std::sqrt(2 * pi), 1e-7);
}

TEST(MatchToCategory, FirstAndLastChannelAreTheSameByPsychRnnsConventions) {
  for (const double direction : {0.0, 1.0, 3.0, 5.0}) {
    const auto found = inputs(category_document({{"N_in", 8}}, "psychrnn"), direction);
    EXPECT_NEAR(found.front(), found.back(), 1e-7) << direction;
    const auto standard = inputs(category_document({{"N_in", 8}}), direction);
    EXPECT_GT(std::abs(standard.front() - standard.back()), .01) << direction;
  }
}

TEST(MatchToCategory, CanHaveOneChannelAndOneCategory) {
  for (const char* conventions : {"standard", "psychrnn"}) {
    const Trials trials =
        trials_of(category_document({{"N_in", 1}, {"N_out", 1}}, conventions), Json::array({Json::object()}));
    EXPECT_EQ(trials.N_in, 1);
    EXPECT_EQ(trials.y, trials.mask);
  }
}

TEST(MatchToCategory, CategoryFollowsFromAGivenAngle) {
  Json params = Json::array();
  for (const double direction : {0.0, 1.5, 1.6, 3.2, 6.28, 2 * pi}) params.push_back({{"angle", direction}});
  const Trials trials = trials_of(category_document({{"N_out", 4}}), params);
  EXPECT_EQ(counts(trials.parameters, category), (std::map<double, int>{{0, 3}, {1, 1}, {2, 1}, {3, 1}}));
}

TEST(MatchToCategory, AngleFollowsFromAGivenCategory) {
  Json params = Json::array();
  for (int trial = 0; trial < 200; ++trial) params.push_back({{"category", trial % 3}});
  const Trials trials = trials_of(category_document({{"N_out", 3}}), params);
  for (const TrialParameters& trial : trials.parameters)
    ASSERT_EQ(std::floor(trial[angle] / (2 * pi / 3)), trial[category]);
}

TEST(MatchToCategory, GivenAngleAndCategoryStayAsTheyAre) {
  const Trials trials = trials_of(category_document(), Json::array({{{"angle", 1}, {"category", 1}}}));
  EXPECT_EQ(trials.parameters[0][angle], 1);
  EXPECT_EQ(trials.parameters[0][category], 1);
}

TEST(MatchToCategory, AsksForTheCategoryAfterTheStimulus) {
  const Json params = {{"angle", 4}, {"onset_time", 100}, {"input_dur", 200}, {"output_dur", 300}};
  const Trials trials = trials_of(category_document({{"T", 1000}, {"N_in", 2}}), Json::array({params}));
  for (int step = 0; step < trials.N_steps; ++step) {
    const auto row = static_cast<std::size_t>(2 * step);
    EXPECT_EQ(trials.x[row] > 0, step >= 10 && step < 30) << step;
    EXPECT_EQ(trials.mask[row], step >= 30 && step < 60) << step;
    EXPECT_EQ(trials.y[row], 0) << step;
    EXPECT_EQ(trials.y[row + 1], trials.mask[row]) << step;
  }
}

TEST(MatchToCategory, SizesThatCannotBeAreRefused) {
  for (const char* field : {"N_in", "N_out"})
    for (const Json& value : {Json(0), Json(1.5), Json(5000), Json("two")}) {
      const auto problems = support::problems_of(category_document({{field, value}}));
      ASSERT_EQ(problems.size(), 1u) << field << " " << value;
      EXPECT_EQ(problems[0].path, std::string("task.") + field);
    }
}

}  // namespace

}  // namespace nullcline
