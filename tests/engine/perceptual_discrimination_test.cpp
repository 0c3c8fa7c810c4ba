#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::counts;
using support::hello_world;
using support::range;

/// Places in this task's trial parameters.
enum : std::size_t { coherence, direction, stim_noise, onset_time, stim_duration };

TEST(PerceptualDiscrimination, NoiseOfDrawnTrialsHasItsScale) {
  const Session session(support::experiment(hello_world()), 1);
  TrialRequest request;
  request.count = 200;
  const Trials noisy = session.draw(request);
  request.noise = false;
  const Trials clean = session.draw(request);
  double squares = 0;
  for (std::size_t i = 0; i < noisy.x.size(); ++i) squares += std::pow(noisy.x[i] - clean.x[i], 2);
  const auto count = static_cast<double>(noisy.x.size());
  EXPECT_NEAR(squares / count, .0447213595 * .0447213595, .002 * 4 * std::sqrt(2 / count));
  EXPECT_EQ(noisy.y, clean.y);
  EXPECT_EQ(noisy.mask, clean.mask);
}

/// Parameters of many trials of a document with those changes, and those to its task.
std::vector<TrialParameters> drawn(const Json& task, const Json& changes = Json::object()) {
  Json document = hello_world(changes);
  document["task"].update(task);
  document["task"]["T"] = 40;
  return support::drawn_parameters(document);
}

/// Mean, and share above the mean, of exponentially distributed coherences: within four standard errors.
void expect_exponential(const std::vector<TrialParameters>& trials, double mean) {
  double sum = 0, above = 0;
  for (const TrialParameters& trial : trials) {
    sum += trial[coherence];
    above += trial[coherence] > mean ? 1 : 0;
  }
  const auto count = static_cast<double>(trials.size());
  EXPECT_NEAR(sum / count, mean, 4 * mean / std::sqrt(count));
  EXPECT_NEAR(above / count, std::exp(-1), 4 * .482 / std::sqrt(count));
}

TEST(PerceptualDiscrimination, CoherenceIsExponentialByTheStandardConventions) {
  expect_exponential(drawn(Json::object()), 0.2);
}

TEST(PerceptualDiscrimination, CoherenceIsOneOfFourByPsychRnnsConventions) {
  const auto found = counts(drawn(Json::object(), {{"conventions", "psychrnn"}}), coherence);
  ASSERT_EQ(found.size(), 4u);
  for (const double value : {.1, .3, .5, .7}) EXPECT_NEAR(found.at(value), 5000, 4 * 61.2) << value;
}

TEST(PerceptualDiscrimination, CoherenceCanBeANumber) {
  EXPECT_EQ(counts(drawn({{"coherence", 0.25}}), coherence), (std::map<double, int>{{0.25, 20000}}));
}

TEST(PerceptualDiscrimination, CoherenceCanBeOneOfAList) {
  const auto found = counts(drawn({{"coherence", {0.05, 0.4}}}), coherence);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found.at(0.05), 10000, 4 * 70.7);
}

TEST(PerceptualDiscrimination, CoherenceCanBeExponentialWithAGivenMean) {
  expect_exponential(drawn({{"coherence", {{"exponential", 0.5}}}}), 0.5);
}

TEST(PerceptualDiscrimination, DirectionIsDrawnOrAsGiven) {
  EXPECT_NEAR(counts(drawn(Json::object()), direction).at(1), 10000, 4 * 70.7);
  for (const int given : {0, 1})
    EXPECT_EQ(counts(drawn({{"direction", given}}), direction), (std::map<double, int>{{given, 20000}}));
}

TEST(PerceptualDiscrimination, TimesAreDrawnOrAsGiven) {
  const auto free = drawn(Json::object());  // T is 40
  const auto [first_onset, last_onset] = range(free, onset_time);
  EXPECT_GE(first_onset, 0);
  EXPECT_LT(first_onset, .01);
  EXPECT_GT(last_onset, 19.99);
  EXPECT_LT(last_onset, 20);
  const auto [shortest, longest] = range(free, stim_duration);
  EXPECT_GE(shortest, 5);
  EXPECT_LT(shortest, 5.01);
  EXPECT_GT(longest, 14.99);
  EXPECT_LT(longest, 15);
  const auto fixed = drawn({{"onset_time", 7.5}, {"stim_duration", 12}});
  EXPECT_EQ(counts(fixed, onset_time), (std::map<double, int>{{7.5, 20000}}));
  EXPECT_EQ(counts(fixed, stim_duration), (std::map<double, int>{{12, 20000}}));
}

TEST(PerceptualDiscrimination, NoiseIsAsGiven) {
  EXPECT_EQ(counts(drawn(Json::object()), stim_noise), (std::map<double, int>{{.1, 20000}}));
  EXPECT_EQ(counts(drawn({{"stim_noise", 0}}), stim_noise), (std::map<double, int>{{0, 20000}}));
}

TEST(PerceptualDiscrimination, FixingOneParameterLeavesTheOthersAsTheyWere) {
  const auto free = drawn(Json::object());
  const auto expect_others = [&](const Json& fixed, std::size_t place) {
    const auto found = drawn(fixed);
    for (std::size_t i = 0; i < free.size(); ++i)
      for (const std::size_t other : {coherence, direction, onset_time, stim_duration})
        ASSERT_TRUE(other == place || found[i][other] == free[i][other]) << fixed << other;
  };
  expect_others({{"coherence", 0.25}}, coherence);
  expect_others({{"coherence", {0.05, 0.4}}}, coherence);
  expect_others({{"direction", 1}}, direction);
  expect_others({{"onset_time", 3}}, onset_time);
  expect_others({{"stim_duration", 3}}, stim_duration);
}

}  // namespace

}  // namespace nullcline
