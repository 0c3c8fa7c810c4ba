// Three updates of PsychRNN's on one batch, with each of its losses, penalties and constraints, and its
// curricula.
#include <gtest/gtest.h>

#include "tests/engine/golden_run.h"

namespace nullcline {

namespace {

using support::golden_tolerance;

class TrainingStep : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const Json cfg = golden_.json("cfg");
    Json network = support::golden_network(golden_, "w0_", cfg["dale_ratio"]);
    is_lstm_ = cfg["model"] == "LSTM";
    if (is_lstm_)
      network = {{"type", "LSTM"}, {"N_rec", network["N_rec"]}};
    else
      network["rec_noise"] = cfg["rec_noise"];
    network["transfer_function"] = cfg["transfer_function"];
    Json training = {{"learning_rate", cfg["learning_rate"]},
                     {"clip_grads", cfg["clip_grads"]},
                     {"iterations", 3},
                     {"loss_function", cfg.value("loss_function", "mean_squared_error")}};
    for (const auto& [name, value] : cfg.items())
      if (name.rfind("L1_", 0) == 0 || name.rfind("L2_", 0) == 0) training["regularization"][name] = value;
    for (const std::string name : {"W_in", "W_rec"})
      if (golden_.has("fixed_" + name)) {
        const auto fixed = golden_.array("fixed_" + name);
        training["fixed_weights"][name] = support::nested(fixed.values, fixed.shape[1]);
      }
    session_ = support::session_learning(
        trials_,
        {{"task", {{"dt", cfg["dt"]}, {"tau", cfg["tau"]}}}, {"network", network}, {"training", training}});
    load(0);
  }

  /// A variable after k updates; what is never updated stands in the file once.
  std::vector<double> weights(const Variable& variable, int k) const {
    const std::string key = "w" + std::to_string(k) + "_" + variable.name;
    return golden_.array(golden_.has(key) ? key : "w0_" + variable.name).values;
  }

  void load(int k) {
    const ParameterLayout& layout = session_->experiment().network->layout();
    FloatBuffer raw = session_->trainer().raw_weights();
    for (const Variable& variable : layout.variables())
      support::put(layout, variable.name, weights(variable, k), raw);
    session_->trainer().set_weights(raw);
  }

  /// Variables that the file has nothing for have no gradient.
  void expect_block(const std::string& prefix, const FloatBuffer& block) {
    const ParameterLayout& layout = session_->experiment().network->layout();
    for (const Variable& variable : layout.variables()) {
      const std::vector<double> wanted = golden_.has(prefix + variable.name)
                                             ? golden_.array(prefix + variable.name).values
                                             : std::vector<double>(variable.size());
      support::expect_close(wanted, support::part_of(layout, variable.name, block), golden_tolerance,
                            prefix + variable.name);
    }
  }

  void expect_weights(int k) {
    const ParameterLayout& layout = session_->experiment().network->layout();
    for (const Variable& variable : layout.variables())
      support::expect_close(weights(variable, k),
                            support::part_of(layout, variable.name, session_->trainer().raw_weights()),
                            golden_tolerance, variable.name + " after update " + std::to_string(k));
  }

  void expect_number(double found, const std::string& key) {
    EXPECT_NEAR(found, golden_.number(key), golden_tolerance * golden_.number(key)) << key;
  }

  support::Golden golden_{std::string("psychrnn_step_") + GetParam()};
  Trials trials_ = support::golden_trials(golden_);
  std::unique_ptr<Session> session_;
  bool is_lstm_ = false;
};

INSTANTIATE_TEST_SUITE_P(PsychRnn, TrainingStep,
                         testing::Values("mse_relu", "clip_active", "noclip", "tanh_noise", "dale_mask_l1l2",
                                         "fixed", "bce", "lstm"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(TrainingStep, RunIsReproduced) {
  support::expect_golden_run(golden_, support::training_forward(*session_, trials_));
  if (!is_lstm_) support::expect_golden_run(golden_, session_->run(trials_));
}

TEST_P(TrainingStep, GradientIsReproducedBeforeAndAfterClipping) {
  const BatchGradient gradient = session_->gradient(trials_);
  expect_block("grad1_", gradient.raw);
  expect_block("gradclip1_", gradient.clipped);
}

TEST_P(TrainingStep, LossPenaltyAndGradientAreReproducedAtTheWeightsOfEveryUpdate) {
  for (int k = 1; k <= 3; ++k) {
    load(k - 1);
    const BatchGradient gradient = session_->gradient(trials_);
    const std::string number = std::to_string(k);
    expect_number(gradient.loss, "loss_" + number);
    expect_number(gradient.regularization, "reg_" + number);
    expect_number(gradient.loss + gradient.regularization, "reg_loss_" + number);
    expect_block("grad" + number + "_", gradient.raw);
  }
}

TEST_P(TrainingStep, ThreeUpdatesAreReproduced) {
  if (!trials_.noise.empty()) return;  // training draws noise of its own; see below
  Trainer& trainer = session_->trainer();
  for (int k = 1; k <= 3; ++k) {
    trainer.step({1, 1e9});
    expect_number(trainer.progress().batch_loss, "reg_loss_" + std::to_string(k));
    expect_weights(k);
  }
  expect_block("adam_m_", trainer.snapshot().optimizer.blocks[0]);
  expect_block("adam_v_", trainer.snapshot().optimizer.blocks[1]);
}

TEST_P(TrainingStep, ThreeUpdatesWithTheGivenNoiseAreReproduced) {
  const Optimizer& optimizer = *session_->experiment().training.optimizer;
  FloatBuffer raw = session_->trainer().raw_weights();
  OptimizerState state = optimizer.initial_state(raw.size());
  for (int k = 1; k <= 3; ++k) {
    const BatchGradient gradient = session_->gradient(trials_);
    expect_number(gradient.loss + gradient.regularization, "reg_loss_" + std::to_string(k));
    optimizer.update(golden_.json("cfg")["learning_rate"], gradient.clipped.data(), raw.size(), raw.data(),
                     state);
    session_->trainer().set_weights(raw);
    expect_weights(k);
  }
  expect_block("adam_m_", state.blocks[0]);
  expect_block("adam_v_", state.blocks[1]);
}

class GoldenCurriculum : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(PsychRnn, GoldenCurriculum, testing::Values(0, 1));

TEST_P(GoldenCurriculum, GoesOnWherePsychRnnsDoes) {
  const support::Golden golden("psychrnn_curriculum_" + std::to_string(GetParam()));
  Curriculum curriculum;
  for (const double threshold : golden.json("thresholds"))
    curriculum.stages.push_back({nullptr, accuracy_measure(), threshold});
  const auto stages = static_cast<int>(curriculum.stages.size());
  const auto every = static_cast<int>(golden.number("metric_epoch"));
  CurriculumState state;
  int iteration = 0;
  for (const Json& row : golden.json("trace")) {
    iteration += every;
    EXPECT_EQ(record_metric(curriculum, iteration, row[0], {}, state), row[1].get<bool>()) << iteration;
    EXPECT_EQ(state.stage, row[2].get<int>()) << iteration;
    EXPECT_EQ(state.stage == stages, row[3].get<bool>()) << iteration;
  }
  const Json values = golden.json("metric_values");
  ASSERT_EQ(state.metrics.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(state.metrics[i].value, values[i][0].get<double>()) << i;
    EXPECT_EQ(state.metrics[i].stage, values[i][1].get<int>()) << i;
    EXPECT_EQ(state.metrics[i].iteration, every * (static_cast<int>(i) + 1)) << i;
  }
}

}  // namespace

}  // namespace nullcline
