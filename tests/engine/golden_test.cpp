// PsychRNN's own results: runs of its simulators, and of a network that it trained.
#include <gtest/gtest.h>

#include "tests/engine/golden_run.h"

namespace nullcline {

namespace {

using support::expect_golden_run;
using support::golden_trials;

std::string name_of_golden(const testing::TestParamInfo<const char*>& test) { return test.param; }

class Simulator : public testing::TestWithParam<const char*> {
 protected:
  Json document(const Json& network) const {
    Json changes = {{"task", {{"dt", golden_.number("dt")}, {"tau", golden_.number("tau")}}},
                    {"network", {{"transfer_function", golden_.text("transfer_function")}}}};
    changes["network"].update(network);
    return changes;
  }

  /// The connections that the file takes away, step by step.
  Lesion lesion() const {
    Lesion lesion;
    if (!golden_.has("t_connectivity")) return lesion;
    lesion.connectivity = golden_.array("t_connectivity").floats();
    lesion.changes_in_time = true;
    return lesion;
  }

  support::Golden golden_{std::string("psychrnn_basicsim_") + GetParam()};
};

INSTANTIATE_TEST_SUITE_P(PsychRnn, Simulator,
                         testing::Values("plain", "long", "tanh", "sigmoid", "ablate", "dale_mask",
                                         "dale_ablate"),
                         name_of_golden);

TEST_P(Simulator, RunsAreReproducedFromRawWeights) {
  const double ratio = golden_.number("dale_ratio");
  const Trials trials = golden_trials(golden_);
  const auto session = support::session_learning(
      trials, document(support::golden_network(golden_, "", ratio < 0 ? Json() : Json(ratio))));
  support::load_golden_weights(*session, golden_, "");
  const FloatBuffer effective = session->effective_weights();
  for (const std::string name : {"W_in", "W_rec", "W_out"})
    support::expect_close(golden_.array("eff_" + name).values,
                          support::part_of(session->experiment().network->layout(), name, effective), 1e-6,
                          "effective " + name);
  expect_golden_run(golden_, session->run(trials, lesion()));
}

TEST_P(Simulator, RunsAreReproducedFromEffectiveWeights) {
  const Trials trials = golden_trials(golden_);
  const auto session =
      support::session_learning(trials, document({{"N_rec", golden_.array("W_rec").shape[0]}}));
  const ParameterLayout& layout = session->experiment().network->layout();
  FloatBuffer raw(layout.size());
  for (const std::string& name : support::weight_names())
    support::put(layout, name, golden_.array((name[0] == 'W' ? "eff_" : "") + name).values, raw);
  session->trainer().set_weights(raw);
  expect_golden_run(golden_, session->run(trials, lesion()));
}

class LstmSimulator : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    session_ = support::session_learning(
        trials_, {{"network", {{"type", "LSTM"}, {"N_rec", golden_.array("W_rec").shape[0]}}}});
    support::load_golden_weights(*session_, golden_, "");
  }

  support::Golden golden_{std::string("psychrnn_lstmsim_") + GetParam()};
  Trials trials_ = golden_trials(golden_);
  std::unique_ptr<Session> session_;
};

INSTANTIATE_TEST_SUITE_P(PsychRnn, LstmSimulator, testing::Values("a", "b"), name_of_golden);

TEST_P(LstmSimulator, RunsStartEveryTrialFromTheFirstRow) {
  expect_golden_run(golden_, session_->run(trials_), "sim_outputs", "sim_states");
}

TEST_P(LstmSimulator, TrainingStartsEachTrialFromARowOfItsOwn) {
  expect_golden_run(golden_, support::training_forward(*session_, trials_), "graph_outputs", "graph_states");
}

/// A session with the weights that PsychRNN trained.
std::unique_ptr<Session> trained(Json document) {
  document["network"]["N_rec"] = 30;
  auto session = std::make_unique<Session>(support::experiment(support::hello_world(document)), 2);
  support::load_golden_weights(*session, support::Golden("psychrnn_trained_pd"), "");
  return session;
}

const Json trained_on = {{"conventions", "psychrnn"}, {"task", {{"dt", 20}, {"tau", 100}, {"T", 1000}}}};

TEST(TrainedByPsychRnn, RunsAreReproduced) {
  const support::Golden check("psychrnn_trained_pd_check");
  const auto x = check.array("x");
  Trials trials;
  trials.count = x.shape[0];
  trials.N_steps = x.shape[1];
  trials.N_in = x.shape[2];
  trials.x = x.floats();
  expect_golden_run(check, trained(trained_on)->run(trials));
}

TEST(TrainedByPsychRnn, SolvesItsTaskHere) {
  const support::Golden check("psychrnn_trained_pd_check");
  // PsychRNN found 99.75 % on 400 trials: at most 0.9 points less on 2000, which is four standard errors.
  EXPECT_EQ(check.number("accuracy400"), .9975);
  EXPECT_GT(trained(trained_on)->test(2000, 0).accuracy.share(), .9885);
}

}  // namespace

}  // namespace nullcline
