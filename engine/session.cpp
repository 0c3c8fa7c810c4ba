#include "engine/session.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/schema.h"
#include "engine/math/fingerprint.h"
#include "engine/training/backpropagation.h"
#include "engine/training/objective.h"

namespace nullcline {

namespace {

/// Numbers of draws are below this; those of tests stand above, so that `test` and `draw` share no trials.
constexpr std::uint32_t first_test_draw = 0x80000000u;
constexpr int most_trials = 1000000;

void check_count(int count) {
  if (count < 1 || count > most_trials)
    throw Failure({"out_of_range", "count",
                   "The number of trials must be 1 to " + std::to_string(most_trials) + "; found " +
                       std::to_string(count) + ".",
                   ""});
}

void check_draw(std::uint32_t draw) {
  if (draw >= first_test_draw)
    throw Failure({"out_of_range", "draw",
                   "The number of the draw must be below " + std::to_string(first_test_draw) + "; found " +
                       std::to_string(draw) + ".",
                   ""});
}

/// Values of an array trial × step × row. Throws a Failure where it would not fit into memory.
std::size_t array_size(int trials, int steps, int rows) {
  constexpr double most_block_bytes = sizeof(void*) == 4 ? 1e9 : 64e9;
  const double size = 1.0 * trials * steps * rows;
  if (size * sizeof(float) > most_block_bytes)
    throw Failure({"too_large", "count",
                   std::to_string(trials) + " trials of " + std::to_string(steps) +
                       " steps need an array of " + shown(std::round(size * sizeof(float) / 1e8) / 10) +
                       " GB; at most " + shown(most_block_bytes / 1e9) + " GB can be had.",
                   "Ask for fewer trials at a time."});
  return static_cast<std::size_t>(size);
}

/// Copies steps [first, end) of a series into an array trial × N_steps × row; `offset` is the series' number
/// of the array's step 0.
void copy_out(const PanelSeries& series, int first, int end, int offset, int trials, int N_steps,
              float* array) {
  const std::ptrdiff_t rows = series.rows();
  for (int trial = 0; trial < trials; ++trial)
    for (int step = first; step < end; ++step) {
      float* place = array + (static_cast<std::ptrdiff_t>(trial) * N_steps + step) * rows;
      for (int row = 0; row < series.rows(); ++row) *place++ = series.value(trial, step + offset, row);
    }
}

/// The same of all steps.
void copy_out(const PanelSeries& series, int trials, float* array) {
  copy_out(series, 0, series.steps(), 0, trials, series.steps(), array);
}

/// Copies such an array into a series.
void copy_in(const float* array, int trials, PanelSeries& series) {
  series.fill(0);
  for (int trial = 0; trial < trials; ++trial)
    for (int step = 0; step < series.steps(); ++step)
      for (int row = 0; row < series.rows(); ++row) series.value(trial, step, row) = *array++;
}

void check_parameter(const TrialParameter& parameter, double value, const std::string& path) {
  const bool whole = !parameter.whole || value == std::floor(value);
  if (value >= parameter.least && value <= parameter.most && whole) return;
  throw Failure({"out_of_range", path,
                 path + " must be a " + (parameter.whole ? "whole " : "") + "number from " +
                     shown(parameter.least) + " to " + shown(parameter.most) + "; found " + shown(value) +
                     ".",
                 ""});
}

/// Replaces drawn parameters by those given for trial `number`, and others by what follows from these.
void apply_params(const Task& task, const Json& given, int number, TrialParameters& parameters) {
  const std::string place = "params[" + std::to_string(number) + "]";
  if (!given.is_object())
    throw Failure(
        {"wrong_type", place, place + " must be an object of parameters; found " + shown(given) + ".", ""});
  std::vector<std::string> known;
  for (const TrialParameter& parameter : task.trial_parameters()) known.push_back(parameter.name);
  std::vector<bool> is_given(known.size());
  for (const auto& [name, value] : given.items()) {
    const auto found = std::find(known.begin(), known.end(), name);
    const std::string path = place + "." + shortened(name);
    if (found == known.end()) {
      const std::string near = nearest_name(name, known);
      throw Failure({"unknown_field", path, path + " is not a parameter of this task's trials.",
                     near.empty() ? "" : "Did you mean \"" + near + "\"?"});
    }
    if (!value.is_number())
      throw Failure({"wrong_type", path, path + " must be a number; found " + shown(value) + ".", ""});
    const auto number_of_parameter = static_cast<std::size_t>(found - known.begin());
    check_parameter(task.trial_parameters()[number_of_parameter], value.get<double>(), path);
    parameters[number_of_parameter] = value.get<double>();
    is_given[number_of_parameter] = true;
  }
  task.complete(is_given, parameters);
}

}  // namespace

Session::Session(Experiment experiment, int threads)
    : Session(std::move(experiment), std::make_shared<ThreadPool>(threads)) {}

Session::Session(Experiment experiment, std::shared_ptr<ThreadPool> pool)
    : experiment_(std::move(experiment)), pool_(std::move(pool)), trainer_(experiment_, *pool_) {}

Trials Session::draw(const TrialRequest& request) const {
  check_count(request.count);
  check_draw(request.draw);
  const Task& task = trainer_.task();
  if (!request.params.is_null() &&
      (!request.params.is_array() || request.params.size() != static_cast<std::size_t>(request.count)))
    throw Failure(
        {"wrong_shape", "params",
         "params must be a list with one object a trial, " + std::to_string(request.count) +
             " in all; found " +
             (request.params.is_array() ? std::to_string(request.params.size()) : shown(request.params)) +
             ".",
         ""});
  const BatchAddress address{experiment_.seed, request.draw, TrialsFor::test};
  Trials trials{request.count, task.N_steps(), task.N_in(), task.N_out(), {}, {}, {}, {}, {}};
  trials.x.resize(array_size(request.count, task.N_steps(), task.N_in()));
  trials.y.resize(array_size(request.count, task.N_steps(), task.N_out()));
  trials.mask.resize(trials.y.size());
  Batch batch;
  batch.resize(request.count, task);
  for (int s = 0; s < static_cast<int>(batch.slices.size()); ++s) {
    TrialSlice& slice = batch.slices[static_cast<std::size_t>(s)];
    draw_slice(task, *experiment_.kernels, address, s, slice);
    if (request.params.is_null() && request.noise) continue;
    for (int trial = 0; trial < slice.count && !request.params.is_null(); ++trial) {
      const int number = s * trials_per_slice + trial;
      apply_params(task, request.params[static_cast<std::size_t>(number)], number,
                   slice.parameters[static_cast<std::size_t>(trial)]);
    }
    make_slice(task, *experiment_.kernels, address, s, request.noise, slice);
  }
  std::ptrdiff_t first = 0;
  for (const TrialSlice& slice : batch.slices) {
    copy_out(slice.x, slice.count, trials.x.data() + first * task.N_in());
    copy_out(slice.y, slice.count, trials.y.data() + first * task.N_out());
    copy_out(slice.mask, slice.count, trials.mask.data() + first * task.N_out());
    first += static_cast<std::ptrdiff_t>(slice.count) * task.N_steps();
    trials.parameters.insert(trials.parameters.end(), slice.parameters.begin(), slice.parameters.end());
  }
  return trials;
}

void Session::check_shape(const Trials& trials, bool targets) const {
  const Network& network = *experiment_.network;
  const auto expect = [](const char* name, const std::vector<float>& values, int count, int steps,
                         int channels) {
    const double wanted = 1.0 * count * steps * channels;
    if (static_cast<double>(values.size()) != wanted)
      throw Failure({"wrong_shape", name,
                     std::string(name) + " must hold " + std::to_string(count) + " × " +
                         std::to_string(steps) + " × " + std::to_string(channels) + " values; found " +
                         std::to_string(values.size()) + ".",
                     ""});
    const auto wrong =
        std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (wrong != values.end())
      throw Failure({"out_of_range", name,
                     std::string(name) + " must hold finite numbers; found " +
                         (std::isnan(*wrong) ? "NaN" : "an infinite one") + " (value " +
                         std::to_string(wrong - values.begin()) + ", counted from 0).",
                     ""});
  };
  check_count(trials.count);
  if (trials.N_steps < 1)
    throw Failure({"wrong_shape", "x",
                   "The trials must have at least one step; found " + std::to_string(trials.N_steps) + ".",
                   ""});
  expect("x", trials.x, trials.count, trials.N_steps, network.N_in());
  if (targets || !trials.y.empty()) expect("y", trials.y, trials.count, trials.N_steps, network.N_out());
  if (targets || !trials.mask.empty())
    expect("mask", trials.mask, trials.count, trials.N_steps, network.N_out());
  if (!trials.noise.empty()) expect("noise", trials.noise, trials.N_steps, trials.count, network.N_rec());
}

Batch Session::to_batch(const Trials& trials) const {
  const Network& network = *experiment_.network;
  Batch batch;
  batch.count = trials.count;
  batch.slices.resize(static_cast<std::size_t>(slices_for(trials.count)));
  for (std::size_t s = 0; s < batch.slices.size(); ++s) {
    TrialSlice& slice = batch.slices[s];
    const int first = static_cast<int>(s) * trials_per_slice;
    slice.resize(std::min(trials_per_slice, trials.count - first), trials.N_steps, network.N_in(),
                 network.N_out());
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(first) * trials.N_steps;
    copy_in(trials.x.data() + row * network.N_in(), slice.count, slice.x);
    slice.y.fill(0);
    slice.mask.fill(0);
    if (!trials.y.empty()) copy_in(trials.y.data() + row * network.N_out(), slice.count, slice.y);
    if (!trials.mask.empty()) copy_in(trials.mask.data() + row * network.N_out(), slice.count, slice.mask);
  }
  return batch;
}

std::vector<PanelSeries> Session::noise_series(const Trials& trials) const {
  const int units = experiment_.network->N_rec();
  std::vector<PanelSeries> series(static_cast<std::size_t>(slices_for(trials.count)));
  for (std::size_t s = 0; s < series.size(); ++s) {
    const int first = static_cast<int>(s) * trials_per_slice;
    const int count = std::min(trials_per_slice, trials.count - first);
    series[s].resize(ceil_divide(count, panel_width), trials.N_steps, units);
    series[s].fill(0);
    for (int step = 0; step < trials.N_steps; ++step)
      for (int trial = 0; trial < count; ++trial)
        for (int unit = 0; unit < units; ++unit)
          series[s].value(trial, step, unit) =
              trials.noise[(static_cast<std::size_t>(step) * static_cast<std::size_t>(trials.count) +
                            static_cast<std::size_t>(first + trial)) *
                               static_cast<std::size_t>(units) +
                           static_cast<std::size_t>(unit)];
  }
  return series;
}

namespace {

/// Runs a segment with the connections that the lesion leaves of the `effective` weights, stretch by stretch
/// of steps in which they are the same; they are loaded into `network`, which is that of the pass.
void forward_with_lesion(const Lesion& lesion, double dt, const FloatBuffer& effective, Network& network,
                         const SlicePass& pass, int segment) {
  const int begin = pass.segments.first(segment), end = pass.segments.end(segment);
  FloatBuffer lesioned;
  for (int first = begin; first < end;) {
    const int steps = steps_alike(lesion, network.N_rec(), first, end, dt);
    apply_lesion(lesion, network, first, dt, effective, lesioned);
    network.load_effective(pass.kernels, lesioned.data());
    if (first == begin) begin_segment(pass, segment);
    forward_steps(pass, first, first + steps);
    first += steps;
  }
  end_segment(pass, segment);
}

/// Copies a segment of what the network did to the slice's place in the arrays of `run`.
void copy_out(const SlicePass& pass, int segment, Run& run) {
  const Workspace& workspace = pass.workspace;
  const int N_steps = pass.segments.steps;
  const std::ptrdiff_t first_row = std::ptrdiff_t{pass.run.rows().first_trial} * N_steps;
  const auto copy = [&](const PanelSeries& series, int offset, std::vector<float>& array) {
    copy_out(series, pass.segments.first(segment), pass.segments.end(segment), offset, pass.slice.count,
             N_steps, array.data() + first_row * series.rows());
  };
  copy(workspace.output, 0, run.outputs);
  copy(pass.network.state(workspace.trajectory), 1, run.states);
  copy(workspace.trajectory.rate, 1, run.rates);
}

}  // namespace

Run Session::run(const Trials& trials, const Lesion& lesion) {
  check_shape(trials, /*targets=*/false);
  const Network& network = *experiment_.network;
  check_lesion(lesion, network, trials.N_steps, "lesion");
  Run run;
  run.outputs.resize(array_size(trials.count, trials.N_steps, network.N_out()));
  run.states.resize(array_size(trials.count, trials.N_steps, network.N_rec()));
  run.rates.resize(run.states.size());
  const Batch batch = to_batch(trials);
  const std::vector<PanelSeries> noise =
      trials.noise.empty() ? std::vector<PanelSeries>() : noise_series(trials);
  run.scores.resize(static_cast<std::size_t>(trials.count), Score::no_choice_asked);
  const BatchAddress address{experiment_.seed, 0, TrialsFor::test};
  const bool scored = !trials.y.empty() && !trials.mask.empty();
  std::vector<Workspace> workspaces(static_cast<std::size_t>(pool_->threads()));
  std::vector<std::unique_ptr<Network>> lesioned(workspaces.size());
  const Segments segments = segments_of(network, trials.N_steps, /*penalises_activity=*/false);
  pool_->run(static_cast<int>(batch.slices.size()), [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    const auto thread = static_cast<std::size_t>(worker);
    const TrialSlice& slice = batch.slices[number];
    const SliceRun slice_run{address, index, noise.empty() ? nullptr : &noise[number],
                             /*outside_training=*/true};
    if (!lesion.is_empty() && lesioned[thread] == nullptr) lesioned[thread] = network.clone();
    const SlicePass pass{lesion.is_empty() ? network : *lesioned[thread],
                         *experiment_.kernels,
                         slice_run,
                         slice,
                         segments,
                         workspaces[thread]};
    make_room(pass);
    for (int segment = 0; segment < segments.count(); ++segment) {
      if (lesion.is_empty())
        forward_segment(pass, segment);
      else
        forward_with_lesion(lesion, experiment_.task->dt(), network.effective_weights(), *lesioned[thread],
                            pass, segment);
      copy_out(pass, segment, run);
    }
    for (int trial = 0; scored && trial < slice.count; ++trial)
      run.scores[static_cast<std::size_t>(slice_run.rows().first_trial + trial)] =
          trainer_.task().score({pass.workspace.output, slice.y, slice.mask, trial}, experiment_.conventions);
  });
  return run;
}

Run Session::run_autonomously(int count, int N_steps, const Lesion& lesion) {
  check_count(count);
  const Network& network = *experiment_.network;
  Trials trials{count, N_steps, network.N_in(), network.N_out(), {}, {}, {}, {}, {}};
  if (N_steps > 0) trials.x.assign(array_size(count, N_steps, network.N_in()), 0.0f);
  return run(trials, lesion);
}

TestResult Session::test(int count, std::uint32_t draw) {
  check_count(count);
  check_draw(draw);
  const Task& task = trainer_.task();
  const BatchAddress address{experiment_.seed, first_test_draw + draw, TrialsFor::test};
  const Objective objective(experiment_.training, *experiment_.network, *experiment_.kernels, count,
                            task.N_steps());
  const auto slices = static_cast<std::size_t>(slices_for(count));
  std::vector<ObjectiveValue> values(slices);
  std::vector<Accuracy> scores(slices);
  std::vector<Workspace> workspaces(static_cast<std::size_t>(pool_->threads()));
  pool_->run(static_cast<int>(slices), [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    Workspace& workspace = workspaces[static_cast<std::size_t>(worker)];
    TrialSlice slice;
    slice.resize(std::min(trials_per_slice, count - index * trials_per_slice), task.N_steps(), task.N_in(),
                 task.N_out());
    draw_slice(task, *experiment_.kernels, address, index, slice);
    const SliceRun slice_run{address, index, nullptr, /*outside_training=*/true};
    values[number] = objective.of_slice(slice_run, slice, workspace, nullptr);
    add_scores(task, slice, workspace.output, experiment_.conventions, scores[number]);
  });
  TestResult result;
  for (const Accuracy& score : scores) result.accuracy += score;
  result.loss = objective.of_batch(values, nullptr).loss;
  return result;
}

BatchGradient Session::gradient(const Trials& trials) {
  check_shape(trials, /*targets=*/true);
  Batch batch = to_batch(trials);
  const std::vector<PanelSeries> noise =
      trials.noise.empty() ? std::vector<PanelSeries>() : noise_series(trials);
  const BatchAddress address{experiment_.seed, 0, TrialsFor::test};
  const Gradient& gradient = trainer_.evaluate(batch, address, noise.empty() ? nullptr : &noise);
  BatchGradient result{gradient.objective.loss, gradient.objective.regularization, gradient.values,
                       gradient.values};
  trainer_.constrain(result.clipped.data());
  return result;
}

FloatBuffer Session::effective_weights() const {
  FloatBuffer weights(trainer_.raw_weights().size());
  experiment_.network->effective(trainer_.raw_weights().data(), weights.data());
  return weights;
}

std::string Session::hash() const {
  Fingerprint fingerprint;
  fingerprint.add(static_cast<std::uint8_t>(numerics_version));
  fingerprint.add(static_cast<std::uint8_t>(experiment_.kernels->arithmetic));
  fingerprint.add_all(trainer_.raw_weights());
  return fingerprint.text();
}

Json parameters_to_json(const Task& task, const std::vector<TrialParameters>& parameters) {
  Json list = Json::array();
  for (const TrialParameters& trial : parameters) {
    Json object = Json::object();
    for (std::size_t i = 0; i < trial.size(); ++i) object[task.trial_parameters()[i].name] = trial[i];
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace nullcline
