// What holds for every task, and trials made from given parameters.
#include "engine/tasks/task.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine/tasks/given_trials.h"
#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Golden;
using support::hello_world;

/// A test's name is its parameter.
std::string named_by_parameter(const testing::TestParamInfo<std::string>& test) { return test.param; }

/// Trials that PsychRNN's own code made: the file's name has the task's initials.
class GoldenTrials : public testing::TestWithParam<std::string> {
 protected:
  Json document() const {
    const std::map<std::string, std::string> types = {
        {"pd", "PerceptualDiscrimination"}, {"dd", "DelayedDiscrimination"}, {"mtc", "MatchToCategory"}};
    Json task = {{"type", types.at(GetParam().substr(0, GetParam().find('_')))}};
    for (const char* key : {"dt", "tau", "T"}) task[key] = golden_.number(key);
    if (task["type"] == "MatchToCategory")
      for (const char* key : {"N_in", "N_out"}) task[key] = golden_.number(key);
    return hello_world({{"conventions", "psychrnn"}, {"task", task}});
  }

  TrialRequest request(bool noise) const {
    TrialRequest request;
    request.params = golden_.json("params");
    request.count = static_cast<int>(request.params.size());
    request.noise = noise;
    return request;
  }

  std::vector<float> floats(const char* key) const { return golden_.array(key).floats(); }

  Golden golden_{"psychrnn_task_" + GetParam()};
};

INSTANTIATE_TEST_SUITE_P(PsychRnn, GoldenTrials,
                         testing::Values("pd_0", "pd_1", "pd_2", "pd_3", "dd_0", "dd_1", "dd_2", "dd_3",
                                         "mtc_0", "mtc_1", "mtc_2"),
                         named_by_parameter);

TEST_P(GoldenTrials, AreMadeExactly) {
  const Session session(support::experiment(document()), 1);
  const Trials trials = session.draw(request(/*noise=*/false));
  ASSERT_EQ(trials.N_steps, golden_.number("N_steps"));
  EXPECT_EQ(trials.x, floats("x"));
  EXPECT_EQ(trials.y, floats("y"));
  EXPECT_EQ(trials.mask, floats("mask"));
}

TEST_P(GoldenTrials, HaveNoNoiseWhenItsStrengthIsZero) {
  const Session session(support::experiment(document()), 1);
  TrialRequest silent = request(/*noise=*/true);
  for (Json& trial : silent.params) trial["stim_noise"] = 0;
  EXPECT_EQ(session.draw(silent).x, floats("x"));
}

TEST_P(GoldenTrials, FixTheScaleOfTheNoise) {
  const Session session(support::experiment(document()), 1);
  const TrialParameters first = session.draw(request(/*noise=*/false)).parameters.front();
  const double deviation = session.experiment().task->noise_deviation(first);
  EXPECT_NEAR(deviation, golden_.number("noise_sd_at_stim_noise_0p1"), 1e-15);
  const auto clean = golden_.array("x"), noisy = golden_.array("noisy_x0"),
             normals = golden_.array("noisy_z0");
  for (std::size_t i = 0; i < noisy.values.size(); ++i)
    ASSERT_NEAR(clean.values[i] + deviation * normals.values[i], noisy.values[i], 1e-14) << i;
}

TEST(Task, StepsAreTheTrialDividedByTheTimeStepRoundedUp) {
  struct Case {
    double T, dt;
    int steps;
  };
  for (const Case& given : {Case{2000, 10, 200},
                            {1000, 15, 67},
                            {1, 3, 1},
                            {9, 3, 3},
                            {9.01, 3, 4},
                            {.7, .1, 7},
                            {.3, .1, 3},
                            {1.1, .1, 11},
                            {150.5, .25, 602}}) {
    const Experiment experiment =
        support::experiment(hello_world({{"task", {{"T", given.T}, {"dt", given.dt}}}}));
    EXPECT_EQ(experiment.task->N_steps(), given.steps) << given.T << " / " << given.dt;
  }
}

/// A document of the type whose name is the parameter of the test, with changes to its task.
class EveryTask : public testing::TestWithParam<std::string> {
 protected:
  static Json document(Json task = Json::object()) {
    task["type"] = GetParam();
    return hello_world({{"task", task}});
  }
};

/// All tasks but the one that needs a file.
std::vector<std::string> all_tasks() {
  std::vector<std::string> names;
  for (const TaskType& type : task_types())
    if (type.name != "Trials") names.push_back(type.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Tasks, EveryTask, testing::ValuesIn(all_tasks()), named_by_parameter);

TEST_P(EveryTask, SaysWhatItsParametersAre) {
  const Experiment experiment = support::experiment(document());
  std::set<std::string> names;
  for (const TrialParameter& parameter : experiment.task->trial_parameters()) {
    EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
    EXPECT_EQ(parameter.help.back(), '.') << parameter.name;
    EXPECT_LT(parameter.least, parameter.most) << parameter.name;
  }
}

TEST_P(EveryTask, DrawsParametersThatItAllows) {
  const Experiment experiment = support::experiment(document());
  const auto& allowed = experiment.task->trial_parameters();
  for (const TrialParameters& trial : support::drawn_parameters(document(), 2000)) {
    ASSERT_EQ(trial.size(), allowed.size());
    for (std::size_t i = 0; i < trial.size(); ++i) {
      ASSERT_GE(trial[i], allowed[i].least) << allowed[i].name;
      ASSERT_LE(trial[i], allowed[i].most) << allowed[i].name;
      ASSERT_TRUE(!allowed[i].whole || trial[i] == std::floor(trial[i])) << allowed[i].name;
    }
  }
}

TEST_P(EveryTask, ReadsBackTheParametersThatItWrites) {
  const Session session(support::experiment(document()), 1);
  TrialRequest request;
  request.count = 20;
  const Trials drawn = session.draw(request);
  request.params = parameters_to_json(*session.experiment().task, drawn.parameters);
  const Trials again = session.draw(request);
  EXPECT_EQ(again.parameters, drawn.parameters);
  EXPECT_EQ(again.x, drawn.x);
  EXPECT_EQ(again.y, drawn.y);
  EXPECT_EQ(again.mask, drawn.mask);
}

TEST_P(EveryTask, ScoresItsOwnTargetAsCorrectInMostTrials) {
  const Experiment experiment = support::experiment(document());
  Accuracy accuracy;
  for (int number = 0; number < 20; ++number) {
    TrialSlice slice;
    slice.resize(trials_per_slice, experiment.task->N_steps(), experiment.task->N_in(),
                 experiment.task->N_out());
    draw_slice(*experiment.task, *experiment.kernels, {1, 0, TrialsFor::training}, number, slice);
    add_scores(*experiment.task, slice, slice.y, Conventions::standard, accuracy);
  }
  EXPECT_EQ(accuracy.share(), 1);
  EXPECT_GT(accuracy.scored, .95 * accuracy.trials);
}

TEST_P(EveryTask, NoiseGrowsWithItsStrength) {
  const Experiment experiment = support::experiment(document({{"stim_noise", 0.3}}));
  const Experiment usual = support::experiment(document());
  Draws draws(1, Purpose::trial_parameters, 0, 0), same(1, Purpose::trial_parameters, 0, 0);
  EXPECT_NEAR(experiment.task->noise_deviation(experiment.task->draw(draws)),
              3 * usual.task->noise_deviation(usual.task->draw(same)), 1e-15);
}

/// A value that the parameter allows; often one of the ends, often an early time.
double any_value(const TrialParameter& parameter, support::Numbers& numbers) {
  const double where = numbers.uniform(0, 4);
  const double most = where < 2 ? std::min(parameter.most, 3000.0) : parameter.most;
  double value = where < 1   ? parameter.least
                 : where < 3 ? static_cast<double>(numbers.uniform(parameter.least, most))
                             : most;
  if (parameter.whole) value = std::floor(value);
  return std::clamp(value, parameter.least, parameter.most);
}

TEST_P(EveryTask, MakesTrialsOfAnyParametersThatItAllows) {
  support::Numbers numbers(4);
  for (const double dt : {1.0, 10.0, 33.0}) {
    const Session session(support::experiment(document({{"dt", dt}, {"T", 500}})), 1);
    const Task& task = *session.experiment().task;
    TrialRequest request;
    request.count = 200;
    request.params = Json::array();
    for (int trial = 0; trial < request.count; ++trial) {
      Json params = Json::object();
      for (const TrialParameter& parameter : task.trial_parameters())
        if (numbers.uniform(0, 1) < .7) params[parameter.name] = any_value(parameter, numbers);
      request.params.push_back(params);
    }
    const Trials trials = session.draw(request);
    const auto finite = [](float value) { return std::isfinite(value); };
    EXPECT_TRUE(std::all_of(trials.x.begin(), trials.x.end(), finite));
    EXPECT_TRUE(std::all_of(trials.y.begin(), trials.y.end(), [](float y) { return y >= 0 && y <= 1; }));
    for (const float mask : trials.mask) ASSERT_TRUE(mask == 0 || mask == 1);
    for (const TrialParameters& trial : trials.parameters) {
      double end = 0;
      for (const Epoch& epoch : task.epochs(trial)) {
        ASSERT_EQ(epoch.from, end);
        ASSERT_GT(epoch.to, epoch.from);
        end = epoch.to;
      }
      ASSERT_LE(end, task.T());
    }
  }
}

TEST_P(EveryTask, CoversTheTrialWithEpochs) {
  const Experiment experiment = support::experiment(document());
  Draws draws(1, Purpose::trial_parameters, 0, 0);
  const auto epochs = experiment.task->epochs(experiment.task->draw(draws));
  ASSERT_GE(epochs.size(), 3u);
  EXPECT_EQ(epochs.front().from, 0);
  EXPECT_EQ(epochs.back().to, 2000);
}

TEST_P(EveryTask, RefusesParametersOutOfRange) {
  const Session session(support::experiment(document()), 1);
  for (const TrialParameter& parameter : session.experiment().task->trial_parameters())
    for (const double beyond : {std::nextafter(parameter.least, -1e9), std::nextafter(parameter.most, 1e9)}) {
      TrialRequest request;
      request.params = Json::array({{{parameter.name, beyond}}});
      try {
        session.draw(request);
        ADD_FAILURE() << parameter.name << " may be " << beyond;
      } catch (const Failure& failure) {
        EXPECT_EQ(failure.problem().code, "out_of_range");
        EXPECT_EQ(failure.problem().path, "params[0]." + parameter.name);
      }
    }
}

TEST(GivenTrials, ComeInOrderAndCycle) {
  const Trials five = support::random_trials({5, 3, 2, 1}, 1);
  const auto task = given_trials({5, 3, 2, 1, five.x, five.y, five.mask}, 10, 100, /*N_batch=*/2);
  std::vector<double> order;
  for (std::uint32_t iteration = 0; iteration < 4; ++iteration)
    for (std::uint32_t trial = 0; trial < 2; ++trial) {
      Draws draws(1, Purpose::trial_parameters, iteration, trial);
      order.push_back(task->draw(draws).at(0));
    }
  EXPECT_EQ(order, (std::vector<double>{0, 1, 2, 3, 4, 0, 1, 2}));
}

TEST(GivenTrials, AreHandedOutAsTheyAre) {
  const Trials given = support::random_trials({21, 7, 3, 2}, 1);
  const Session session(support::experiment_on(given, hello_world()), 1);
  TrialRequest request;
  request.count = 21;
  const Trials drawn = session.draw(request);
  EXPECT_EQ(drawn.N_steps, 7);
  EXPECT_EQ(drawn.x, given.x);
  EXPECT_EQ(drawn.y, given.y);
  EXPECT_EQ(drawn.mask, given.mask);
}

}  // namespace

}  // namespace nullcline
