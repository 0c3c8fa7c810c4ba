// What a session is asked from outside, and what it says when the question is wrong.
#include "engine/session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::random_trials;

Session& session() {
  static Session session(support::experiment(support::odd_sizes()), 1);
  return session;
}

/// The problem that `call` ends with.
template <class Call>
Problem problem_of_call(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), failure.problem().message.c_str());
    return failure.problem();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TrialRequest request_with(const Json& params) {
  TrialRequest request;
  request.count = 2;
  request.params = params;
  return request;
}

TEST(Drawing, UsesGivenParametersAndDrawsTheRest) {
  TrialRequest request;
  request.count = 2;
  const Trials drawn = session().draw(request);
  request.params = Json::parse(R"([{"coherence": 0.9, "direction": 1}, {}])");
  const Trials given = session().draw(request);
  EXPECT_EQ(given.parameters[0][0], .9);
  EXPECT_EQ(given.parameters[0][1], 1);
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(given.parameters[0][i], drawn.parameters[0][i]) << i;
  EXPECT_EQ(given.parameters[1], drawn.parameters[1]);
}

TEST(Drawing, WritesParametersThatItReadsBackToTheSameTrials) {
  TrialRequest request;
  request.count = 20;
  const Trials drawn = session().draw(request);
  request.params = Json::parse(parameters_to_json(*session().experiment().task, drawn.parameters).dump());
  const Trials again = session().draw(request);
  EXPECT_EQ(again.x, drawn.x);
  EXPECT_EQ(again.y, drawn.y);
  EXPECT_EQ(again.mask, drawn.mask);
  request.draw = 12345;  // other noise, other drawn parameters, of which none is left
  EXPECT_EQ(session().draw(request).y, drawn.y);
}

TEST(Drawing, GivesOtherTrialsForAnotherNumber) {
  TrialRequest request;
  request.count = 3;
  const Trials first = session().draw(request);
  request.draw = 1;
  EXPECT_NE(session().draw(request).x, first.x);
  EXPECT_NE(session().draw(request).parameters, first.parameters);
}

TEST(Drawing, NamesAnUnknownParameterAndTheNearestKnownOne) {
  const Problem problem =
      problem_of_call([] { session().draw(request_with(Json::parse(R"([{}, {"coherance": 1}])"))); });
  EXPECT_EQ(problem.code, "unknown_field");
  EXPECT_EQ(problem.path, "params[1].coherance");
  EXPECT_NE(problem.hint.find("coherence"), std::string::npos);
}

TEST(Drawing, RefusesParametersThatAreNotNumbers) {
  const Problem problem =
      problem_of_call([] { session().draw(request_with(Json::parse(R"([{"coherence": "much"}, {}])"))); });
  EXPECT_EQ(problem.code, "wrong_type");
  EXPECT_EQ(problem.path, "params[0].coherence");
  EXPECT_NE(problem.message.find("\"much\""), std::string::npos);
}

TEST(Drawing, RefusesParametersThatAreNotOneObjectATrial) {
  for (const char* params : {"[{}]", "[{}, {}, {}]", "{}", "3", "\"x\""}) {
    const Problem problem = problem_of_call([&] { session().draw(request_with(Json::parse(params))); });
    EXPECT_EQ(problem.code, "wrong_shape") << params;
    EXPECT_EQ(problem.path, "params") << params;
  }
  EXPECT_EQ(problem_of_call([] { session().draw(request_with(Json::parse("[1, {}]"))); }).path, "params[0]");
}

TEST(Drawing, RefusesNumbersOfTrialsBeyondReason) {
  for (const int count : {0, -1, 1000001}) {
    TrialRequest request;
    request.count = count;
    const Problem problem = problem_of_call([&] { session().draw(request); });
    EXPECT_EQ(problem.code, "out_of_range") << count;
    EXPECT_EQ(problem.path, "count") << count;
    EXPECT_NE(problem.message.find(std::to_string(count)), std::string::npos) << count;
    EXPECT_EQ(problem_of_call([&] { session().test(count, 0); }).path, "count") << count;
  }
}

TEST(Running, RefusesTrialsThatDoNotFitTheNetwork) {
  const auto path_of = [](auto change) {
    Trials trials = random_trials({3, 10, 2, 2, 13}, 1);
    change(trials);
    const Problem problem = problem_of_call([&] { session().run(trials); });
    EXPECT_TRUE(problem.code == "wrong_shape" || problem.code == "out_of_range") << problem.code;
    return problem.path;
  };
  EXPECT_EQ(path_of([](Trials& trials) { trials.x.pop_back(); }), "x");
  EXPECT_EQ(path_of([](Trials& trials) { trials.x.clear(); }), "x");
  EXPECT_EQ(path_of([](Trials& trials) { trials.y.push_back(0); }), "y");
  EXPECT_EQ(path_of([](Trials& trials) { trials.mask.pop_back(); }), "mask");
  EXPECT_EQ(path_of([](Trials& trials) { trials.noise.pop_back(); }), "noise");
  EXPECT_EQ(path_of([](Trials& trials) { trials.N_steps = 0; }), "x");
  EXPECT_EQ(path_of([](Trials& trials) { trials.count = 0; }), "count");
}

TEST(Running, TakesTrialsWithoutTargetsAndScoresNone) {
  Trials trials = random_trials({3, 10, 2, 2}, 1);
  const auto scored = session().run(trials);
  trials.y.clear();
  trials.mask.clear();
  const auto run = session().run(trials);
  EXPECT_EQ(run.outputs, scored.outputs);
  for (const Score score : run.scores) EXPECT_EQ(score, Score::no_choice_asked);
  for (const Score score : scored.scores) EXPECT_NE(score, Score::no_choice_asked);
}

TEST(Running, TakesOneStepOfOneTrial) {
  const auto run = session().run(random_trials({1, 1, 2, 2, 13}, 1));
  EXPECT_EQ(run.outputs.size(), 2u);
  EXPECT_EQ(run.states.size(), 13u);
}

TEST(Running, RefusesTrialsThatAreNotNumbers) {
  for (auto Trials::*values : {&Trials::x, &Trials::y, &Trials::mask}) {
    Trials trials = random_trials({9, 10, 2, 2, 13}, 1);
    (trials.*values)[3] = std::numeric_limits<float>::quiet_NaN();
    const Problem problem = problem_of_call([&] { session().run(trials); });
    EXPECT_EQ(problem.code, "out_of_range");
    EXPECT_NE(problem.message.find("found NaN (value 3"), std::string::npos) << problem.message;
  }
}

TEST(Gradients, NeedTargets) {
  Trials trials = random_trials({3, 10, 2, 2}, 1);
  trials.mask.clear();
  EXPECT_EQ(problem_of_call([&] { session().gradient(trials); }).path, "mask");
  trials.y.clear();
  EXPECT_EQ(problem_of_call([&] { session().gradient(trials); }).path, "y");
}

TEST(Testing, CountsEveryTrialOnce) {
  for (const int count : {1, 15, 16, 17, 50}) {
    const TestResult result = session().test(count, 0);
    EXPECT_EQ(result.accuracy.trials, count);
    EXPECT_LE(result.accuracy.correct, result.accuracy.scored);
  }
}

TEST(Testing, SharesNoTrialsWithDrawing) {
  // A network without weights has the loss of its targets alone, which tells batches apart.
  Session quiet(support::experiment(support::odd_sizes()), 1);
  FloatBuffer raw = quiet.trainer().raw_weights();
  raw.fill(0);
  quiet.trainer().set_weights(raw);
  TrialRequest request;
  request.count = 30;
  const double drawn = quiet.gradient(quiet.draw(request)).loss;
  EXPECT_NE(quiet.test(30, 0).loss, drawn);
}

TEST(Weights, EffectiveOnesAreTheRawOnesWithoutDalesLaw) {
  const auto& raw = session().trainer().raw_weights();
  EXPECT_EQ(support::floats(session().effective_weights()), support::floats(raw));
}

}  // namespace

}  // namespace nullcline
