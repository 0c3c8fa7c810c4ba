// Trials that are run in segments, whose states are computed again on the way back, give the bits of trials
// that are kept whole, in a fraction of the memory.
#include <gtest/gtest.h>

#include <limits>

#include "engine/training/objective.h"
#include "tests/engine/support.h"

namespace nullcline {

Penalty rate_change_penalty();       // examples/extensions/rate_change_penalty.cpp
NetworkType feed_forward_network();  // examples/extensions/feed_forward_network.cpp

namespace {

struct Kind {
  const char* name;
  Json changes;
};

/// A slice's outputs, objective and gradient, as training has them.
struct Result {
  std::vector<float> outputs;
  ObjectiveValue value;
  /// The objective where no gradient is asked for.
  ObjectiveValue alone;
  std::vector<float> gradient;
};

class InSegments : public testing::TestWithParam<Kind> {
 protected:
  static void SetUpTestSuite() {
    static const bool registered =
        (register_penalty(rate_change_penalty()), register_network(feed_forward_network()), true);
    ASSERT_TRUE(registered);
  }

  /// One after the other in one workspace: slices of two panels and of one.
  static std::vector<Result> results(double kept_bytes) {
    Json document = support::odd_sizes(GetParam().changes);
    document["task"]["T"] = 2600;
    Experiment experiment = support::experiment(document);
    const Network& network = *experiment.network;
    FloatBuffer raw(network.layout().size());
    network.initialize(*experiment.kernels, experiment.seed, raw.data());
    experiment.network->load(*experiment.kernels, raw.data());
    const Objective objective(experiment.training, network, *experiment.kernels, 37, 130, kept_bytes);
    Workspace workspace;
    std::vector<Result> found;
    for (const int slice_number : {1, 2}) {
      const SliceRun run{{experiment.seed, 3, TrialsFor::training}, slice_number};
      TrialSlice slice;
      slice.resize(slice_number == 2 ? 5 : 16, 130, experiment.task->N_in(), experiment.task->N_out());
      draw_slice(*experiment.task, *experiment.kernels, run.address, slice_number, slice);
      Result result;
      result.alone = objective.of_slice(run, slice, workspace, nullptr);
      FloatBuffer gradient(raw.size());
      gradient.fill(0);
      result.value = objective.of_slice(run, slice, workspace, gradient.data());
      result.gradient = support::floats(gradient);
      for (int trial = 0; trial < slice.count; ++trial)
        for (int step = 0; step < 130; ++step)
          for (int channel = 0; channel < network.N_out(); ++channel)
            result.outputs.push_back(workspace.output.value(trial, step, channel));
      found.push_back(std::move(result));
    }
    return found;
  }
};

INSTANTIATE_TEST_SUITE_P(
    Networks, InSegments,
    testing::Values(
        Kind{"Basic", Json::object()}, Kind{"WithoutNoise", {{"network", {{"rec_noise", 0}}}}},
        Kind{"Penalised", {{"training", {{"regularization", {{"L2_firing_rate", .3}}}}}}},
        Kind{"PenalisedTwice",
             {{"training", {{"regularization", {{"L2_firing_rate", .3}, {"L2_rate_change", .2}}}}}}},
        Kind{"PenalisedFromStepToStep", {{"training", {{"regularization", {{"L2_rate_change", .2}}}}}}},
        Kind{"Lstm",
             {{"network", {{"type", "LSTM"}, {"rec_noise", nullptr}}},
              {"training", {{"regularization", {{"L2_firing_rate", .3}}}}}}},
        // The one whose step back leaves the readout to the engine.
        Kind{"FeedForward",
             {{"network", {{"type", "FeedForward"}, {"rec_noise", nullptr}, {"transfer_function", nullptr}}},
              {"training", {{"regularization", {{"L2_firing_rate", .3}}}}}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(InSegments, TrialsGiveTheBitsOfWholeOnes) {
  const std::vector<Result> whole = results(most_kept_bytes), cut = results(0);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    support::expect_same_bits(whole[i].outputs, cut[i].outputs, "outputs");
    support::expect_same_bits(whole[i].gradient, cut[i].gradient, "gradient");
    EXPECT_EQ(whole[i].value.loss, cut[i].value.loss);
    EXPECT_EQ(whole[i].alone.loss, cut[i].alone.loss);
    // Sums of 27,000 numbers in float64, one a segment: rounding grows with their number.
    const double tolerance = 27000 * std::numeric_limits<double>::epsilon();
    const double penalty = whole[i].value.regularization;
    EXPECT_EQ(penalty > 0, GetParam().changes.contains("training"));
    EXPECT_NEAR(cut[i].value.regularization, penalty, tolerance * penalty);
    EXPECT_NEAR(cut[i].alone.regularization, penalty, tolerance * penalty);
  }
}

TEST(Segments, AreWholeBlocksAndCoverTheTrial) {
  const Experiment experiment = support::experiment(support::odd_sizes());
  for (const int steps : {1, 24, 25, 26, 130, 700, 10000}) {
    const Segments segments = segments_of(*experiment.network, steps, false, 0);
    EXPECT_TRUE(segments.count() == 1 || segments.length % steps_per_block == 0);
    EXPECT_EQ(segments.first(0), 0);
    for (int segment = 1; segment < segments.count(); ++segment)
      EXPECT_EQ(segments.first(segment), segments.end(segment - 1));
    EXPECT_EQ(segments.end(segments.count() - 1), steps);
  }
}

TEST(Segments, AreForTrialsThatDoNotFit) {
  const Experiment experiment = support::experiment(support::odd_sizes());
  EXPECT_EQ(segments_of(*experiment.network, 200, true).count(), 1);
  EXPECT_GT(segments_of(*experiment.network, 200000, true).count(), 100);
}

TEST(Segments, LetAThousandUnitsTrainOverTenThousandStepsInOneGigabyte) {
  const Experiment experiment = support::experiment(
      support::hello_world({{"task", {{"T", 100000}, {"N_batch", 128}}},
                            {"network", {{"N_rec", 1000}}},
                            {"training", {{"regularization", {{"L2_firing_rate", .1}}}}}}));
  EXPECT_EQ(experiment.task->N_steps(), 10000);
  EXPECT_LT(training_bytes(experiment, 8), 1e9);
}

/// The first `steps` steps of trials, without targets.
Trials beginning_of(const Trials& trials, int steps) {
  Trials part{trials.count, steps, trials.N_in, trials.N_out, {}, {}, {}, {}, {}};
  for (int trial = 0; trial < trials.count; ++trial) {
    const auto first = trials.x.begin() + std::ptrdiff_t{trial} * trials.N_steps * trials.N_in;
    part.x.insert(part.x.end(), first, first + std::ptrdiff_t{steps} * trials.N_in);
  }
  return part;
}

/// What a run gives for the first `steps` steps, from an array trial × step × row.
std::vector<float> beginning_of(const std::vector<float>& array, int count, int N_steps, int steps) {
  const auto rows = static_cast<std::ptrdiff_t>(array.size()) / count / N_steps;
  std::vector<float> part;
  for (int trial = 0; trial < count; ++trial) {
    const auto first = array.begin() + trial * N_steps * rows;
    part.insert(part.end(), first, first + steps * rows);
  }
  return part;
}

TEST(Segments, OfASimulationAreItsBeginningAndGoOn) {
  Json document = support::odd_sizes();
  document["task"]["dt"] = 10;
  document["task"]["T"] = 600000;
  document["task"]["N_batch"] = 3;
  Session session(support::experiment(document), 2);
  const int steps = session.experiment().task->N_steps(), few = 600;
  ASSERT_GT(segments_of(*session.experiment().network, steps, false).count(), 100);
  TrialRequest request;
  request.count = 3;
  const Trials trials = beginning_of(session.draw(request), steps);
  Lesion silent;
  silent.units = {2, 7};
  silent.window = Window{2400, 3000};
  for (const Lesion& lesion : {Lesion(), silent}) {
    const auto whole = session.run(trials, lesion), part = session.run(beginning_of(trials, few), lesion);
    const auto expect_same = [&](const std::vector<float>& all, const std::vector<float>& some,
                                 const char* what) {
      support::expect_same_bits(some, beginning_of(all, trials.count, steps, few), what);
    };
    expect_same(whole.outputs, part.outputs, "outputs");
    expect_same(whole.states, part.states, "states");
    expect_same(whole.rates, part.rates, "rates");
    EXPECT_NE(whole.rates.back(), 0);
  }
}

}  // namespace

}  // namespace nullcline
