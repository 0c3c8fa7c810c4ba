// Types that a program adds, by the example of the task that is there to be copied.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "engine/experiment/registry.h"
#include "tests/engine/support.h"

namespace nullcline {

TaskType angle_memory();  // examples/extensions/task_template.cpp

namespace {

/// Places in its trial parameters.
enum : std::size_t { angle, stim_duration, delay_duration, stim_noise };

class TaskTemplate : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    static const bool registered = (register_task(angle_memory()), true);
    ASSERT_TRUE(registered);
  }

  static Json document(Json task = Json::object()) {
    task["type"] = "AngleMemory";
    return support::hello_world({{"task", task}});
  }
};

TEST_F(TaskTemplate, IsDescribedOnceItIsRegistered) {
  const Json& schema = describe();
  EXPECT_EQ(schema["$defs"]["task"]["AngleMemory"]["properties"]["stim_duration"]["default"], 300);
  EXPECT_EQ(schema["properties"]["task"]["oneOf"].back()["$ref"], "#/$defs/task/AngleMemory");
  EXPECT_EQ(support::resolved(document())["task"]["delay_duration"], nullptr);
}

TEST_F(TaskTemplate, NameIsTakenOnce) {
  try {
    register_task(angle_memory());
    FAIL() << "was registered again";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.problem().code, "not_allowed");
    EXPECT_STREQ(failure.what(), R"(There is a task of the name "AngleMemory" already.)");
  }
}

TEST_F(TaskTemplate, DrawsWhatItSays) {
  const auto trials = support::drawn_parameters(document());
  const auto [least, greatest] = support::range(trials, angle);
  EXPECT_LT(least, .001);
  EXPECT_NEAR(greatest, 2 * std::numbers::pi, .001);
  EXPECT_NEAR(support::range(trials, delay_duration).second, 500, .1);
  const auto given = support::drawn_parameters(document({{"delay_duration", 7}}));
  EXPECT_EQ(support::range(given, delay_duration), (std::pair<double, double>{7, 7}));
  EXPECT_EQ(given.back()[angle], trials.back()[angle]);
}

TEST_F(TaskTemplate, ShowsADirectionAndAsksForItAfterADelay) {
  const Session session(support::experiment(document({{"T", 1000}})), 1);
  TrialRequest request;
  request.params = Json::parse(R"([{"angle": 2, "stim_duration": 100, "delay_duration": 300}])");
  request.noise = false;
  const Trials trials = session.draw(request);
  for (std::size_t step = 0; step < 100; ++step) {
    const bool shown = step >= 10 && step < 20, asked = step >= 50;
    EXPECT_EQ(trials.x[3 * step], shown ? static_cast<float>(std::cos(2)) : 0.0f) << step;
    EXPECT_EQ(trials.x[3 * step + 1], shown ? static_cast<float>(std::sin(2)) : 0.0f) << step;
    EXPECT_EQ(trials.x[3 * step + 2], asked) << step;
    EXPECT_EQ(trials.y[2 * step + 1], asked ? static_cast<float>(std::sin(2)) : 0.0f) << step;
    EXPECT_EQ(trials.mask[2 * step], asked) << step;
  }
  const auto epochs = session.experiment().task->epochs(trials.parameters[0]);
  ASSERT_EQ(epochs.size(), 4u);
  EXPECT_EQ(epochs[3].from, 500);
}

TEST_F(TaskTemplate, ScoresByTheAngleBetweenAnswerAndTarget) {
  const Experiment experiment = support::experiment(document());
  PanelSeries output, target, mask;
  for (PanelSeries* series : {&output, &target, &mask}) series->resize(1, 1, 2);
  const auto score = [&](double answer, double length) {
    for (int channel = 0; channel < 2; ++channel) {
      target.value(0, 0, channel) = channel == 0 ? 1 : 0;
      output.value(0, 0, channel) =
          static_cast<float>(length * (channel == 0 ? std::cos(answer) : std::sin(answer)));
    }
    return experiment.task->score({output, target, mask, 0}, Conventions::standard);
  };
  mask.fill(1);
  EXPECT_EQ(score(.62, .5), Score::correct);
  EXPECT_EQ(score(-.62, 3), Score::correct);
  EXPECT_EQ(score(.64, 3), Score::wrong);
  EXPECT_EQ(score(0, 0), Score::wrong);
  mask.fill(0);
  EXPECT_EQ(score(0, 1), Score::no_choice_asked);
}

TEST_F(TaskTemplate, OwnScoreCountsWhereverTrialsAreScored) {
  Session session(support::experiment(document({{"T", 600}, {"N_batch", 16}})), 1);
  session.trainer().step({10, 1e9});
  TrialRequest request;
  request.count = 40;
  const Trials trials = session.draw(request);
  const nullcline::Run run = session.run(trials);
  int correct = 0;
  for (int trial = 0; trial < trials.count; ++trial) {
    double output[2] = {}, target[2] = {};
    for (int step = 0; step < trials.N_steps; ++step)
      for (int channel = 0; channel < 2; ++channel) {
        const auto place = static_cast<std::size_t>((trial * trials.N_steps + step) * 2 + channel);
        output[channel] += static_cast<double>(trials.mask[place] * run.outputs[place]);
        target[channel] += static_cast<double>(trials.mask[place] * trials.y[place]);
      }
    const double error = std::remainder(std::atan2(output[1], output[0]) - std::atan2(target[1], target[0]),
                                        2 * std::numbers::pi);
    const bool near = std::abs(error) < std::numbers::pi / 5;
    EXPECT_EQ(run.scores[static_cast<std::size_t>(trial)], near ? Score::correct : Score::wrong) << trial;
    correct += near ? 1 : 0;
  }
  EXPECT_GT(correct, 0);
  EXPECT_LT(correct, trials.count);
}

TEST(Registry, KeepsTheOrderAndRefusesANameTwice) {
  struct Named {
    std::string name;
  };
  Registry<Named> registry("thing", {{"one"}, {"two"}});
  registry.add({"three"});
  EXPECT_THROW(registry.add({"two"}), Failure);
  ASSERT_EQ(registry.all().size(), 3u);
  EXPECT_EQ(registry.all()[0].name, "one");
  EXPECT_EQ(registry.all()[2].name, "three");
}

}  // namespace

}  // namespace nullcline
