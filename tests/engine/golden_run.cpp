#include "tests/engine/golden_run.h"

#include <gtest/gtest.h>

#include "engine/training/backpropagation.h"

namespace nullcline::support {

Trials golden_trials(const Golden& golden) {
  const auto x = golden.array("x"), W_out = golden.array(golden.has("W_out") ? "W_out" : "w0_W_out");
  Trials trials;
  trials.count = x.shape[0];
  trials.N_steps = x.shape[1];
  trials.N_in = x.shape[2];
  trials.N_out = W_out.shape[0];
  trials.x = x.floats();
  const auto size = static_cast<std::size_t>(trials.count * trials.N_steps * trials.N_out);
  trials.y = golden.has("y") ? golden.array("y").floats() : std::vector<float>(size);
  trials.mask = golden.has("mask") ? golden.array("mask").floats() : std::vector<float>(size, 1.0f);
  if (golden.has("noise")) trials.noise = golden.array("noise").floats();
  return trials;
}

Json golden_network(const Golden& golden, const std::string& prefix, const Json& dale_ratio) {
  const auto matrix = [&](const std::string& name) {
    const GoldenArray array = golden.array(prefix + name);
    return nested(array.values, array.shape[1]);
  };
  Json network = {{"N_rec", golden.array(prefix + "W_rec").shape[0]}, {"dale_ratio", dale_ratio}};
  for (const char* name : {"input_connectivity", "rec_connectivity", "output_connectivity"})
    network[name] = matrix(name);
  // The signs follow from the ratio; that they are these is tested in golden_initial_weights_test.cpp.
  return network;
}

std::unique_ptr<Session> session_learning(const Trials& trials, const Json& changes) {
  MemoryFiles files;
  files.add_trials("trials.npz", trials);
  Json document = {{"nullcline", 1},
                   {"conventions", "psychrnn"},
                   {"task", {{"type", "Trials"}, {"file", "trials.npz"}}},
                   {"network", {{"type", "Basic"}}}};
  document.merge_patch(changes);
  return std::make_unique<Session>(experiment(document, files), 2);
}

void load_golden_weights(Session& session, const Golden& golden, const std::string& prefix) {
  const ParameterLayout& layout = session.experiment().network->layout();
  FloatBuffer raw = session.trainer().raw_weights();
  for (const Variable& variable : layout.variables())
    put(layout, variable.name, golden.array(prefix + variable.name).values, raw);
  session.trainer().set_weights(raw);
}

void expect_golden_run(const Golden& golden, const Run& run, const std::string& outputs,
                       const std::string& states) {
  expect_close(golden.array(outputs).values, run.outputs, golden_tolerance, outputs);
  expect_close(golden.array(states).values, run.states, golden_tolerance, states);
}

Run training_forward(const Session& session, const Trials& trials) {
  const Network& network = *session.experiment().network;
  if (trials.count > trials_per_slice) throw std::runtime_error("more than a slice");
  TrialSlice slice;
  slice.resize(trials.count, trials.N_steps, trials.N_in, trials.N_out);
  slice.x.fill(0);
  PanelSeries noise;
  noise.resize(slice.panels(), trials.N_steps, network.N_rec());
  noise.fill(0);
  auto x = trials.x.begin(), z = trials.noise.begin();
  for (int trial = 0; trial < trials.count; ++trial)
    for (int step = 0; step < trials.N_steps; ++step)
      for (int i = 0; i < trials.N_in; ++i) slice.x.value(trial, step, i) = *x++;
  for (int step = 0; step < trials.N_steps && !trials.noise.empty(); ++step)
    for (int trial = 0; trial < trials.count; ++trial)
      for (int i = 0; i < network.N_rec(); ++i) noise.value(trial, step, i) = *z++;
  Workspace workspace;
  const SliceRun slice_run{{}, 0, &noise, /*outside_training=*/false};
  const Segments whole{trials.N_steps, trials.N_steps};
  const SlicePass pass{network, *session.experiment().kernels, slice_run, slice, whole, workspace};
  make_room(pass);
  forward_segment(pass, 0);
  Run run;
  const PanelSeries& states = network.state(workspace.trajectory);
  for (int trial = 0; trial < trials.count; ++trial)
    for (int step = 0; step < trials.N_steps; ++step) {
      for (int i = 0; i < trials.N_out; ++i) run.outputs.push_back(workspace.output.value(trial, step, i));
      for (int i = 0; i < network.N_rec(); ++i) run.states.push_back(states.value(trial, step + 1, i));
    }
  return run;
}

}  // namespace nullcline::support
