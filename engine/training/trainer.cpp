#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/training/clipping.h"

namespace nullcline {

std::string to_string(TrainingState state) {
  switch (state) {
    case TrainingState::ready:
      return "ready";
    case TrainingState::training:
      return "training";
    case TrainingState::finished:
      return "finished";
    case TrainingState::diverged:
      return "diverged";
  }
  return "";
}

namespace {

bool all_finite(const FloatBuffer& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

}  // namespace

Trainer::Trainer(Experiment& experiment, ThreadPool& pool)
    : experiment_(experiment), pool_(pool), iterations_(experiment.training.iterations) {
  initial_.resize(experiment.network->layout().size());
  warnings_ = experiment.network->initialize(*experiment.kernels, experiment.seed, initial_.data());
  workspaces_.resize(static_cast<std::size_t>(pool.threads()));
  reset();
}

void Trainer::reset() {
  snapshot_ = {};
  snapshot_.raw = initial_;
  snapshot_.optimizer = experiment_.training.optimizer->initial_state(initial_.size());
  snapshot_.batch_loss = std::numeric_limits<double>::quiet_NaN();
  last_good_ = {};
  problem_.reset();
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
}

void Trainer::set_weights(const FloatBuffer& raw) {
  initial_ = raw;
  reset();
}

void Trainer::restore(TrainingSnapshot snapshot) {
  snapshot_ = std::move(snapshot);
  last_good_ = {};
  problem_.reset();
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
}

const Task& Trainer::task() const {
  const auto& stages = experiment_.curriculum.stages;
  if (stages.empty()) return *experiment_.task;
  const auto stage = static_cast<std::size_t>(snapshot_.curriculum.stage);
  return *stages[std::min(stage, stages.size() - 1)].task;
}

bool Trainer::is_over() const {
  const auto stages = static_cast<int>(experiment_.curriculum.stages.size());
  const bool curriculum_done = stages > 0 && snapshot_.curriculum.stage == stages;
  return snapshot_.iteration >= iterations_ || curriculum_done || snapshot_.cutoff_reached;
}

Progress Trainer::progress() const {
  Progress progress;
  progress.state = TrainingState::training;
  progress.iteration = snapshot_.iteration;
  progress.iterations = iterations_;
  progress.batch_loss = snapshot_.batch_loss;
  progress.history = snapshot_.history;
  progress.problem = problem_;
  progress.stage = snapshot_.curriculum.stage;
  if (problem_)
    progress.state = TrainingState::diverged;
  else if (is_over())
    progress.state = TrainingState::finished;
  else if (snapshot_.iteration == 0)
    progress.state = TrainingState::ready;
  progress.trials = std::int64_t{snapshot_.iteration} * experiment_.task->N_batch();
  progress.stages = static_cast<int>(experiment_.curriculum.stages.size());
  progress.performance = snapshot_.performance;
  progress.cutoff_reached = snapshot_.cutoff_reached;
  const int every = experiment_.training.save_training_weights_epoch;
  progress.is_checkpoint = every > 0 && snapshot_.iteration > 0 && snapshot_.iteration % every == 0;
  return progress;
}

void Trainer::step(const Budget& budget) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto spent = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); };
  for (int done = 0; done < budget.iterations; ++done) {
    if (problem_ || is_over()) return;
    if (done > 0 && (spent() >= budget.milliseconds || progress().is_checkpoint)) return;
    iterate();
  }
}

void Trainer::iterate() {
  const BatchAddress address{experiment_.seed, static_cast<std::uint32_t>(snapshot_.iteration),
                             TrialsFor::training};
  batch_.resize(task().N_batch(), task());
  evaluate_batch(batch_, address, /*draw=*/true, nullptr);
  if (!std::isfinite(gradient_.objective.total()) || !all_finite(gradient_.values)) return diverge();
  last_good_.raw = snapshot_.raw;
  last_good_.optimizer = snapshot_.optimizer;
  last_good_.batch_loss = snapshot_.batch_loss;
  constrain(gradient_.values.data());
  experiment_.training.optimizer->update(experiment_.training.learning_rate_at(snapshot_.iteration),
                                         gradient_.values.data(), gradient_.values.size(),
                                         snapshot_.raw.data(), snapshot_.optimizer);
  hold_fixed_weights();
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
  snapshot_.batch_loss = gradient_.objective.total();
  ++snapshot_.iteration;
  const auto& moments = snapshot_.optimizer.blocks;
  if (!all_finite(snapshot_.raw) || !std::all_of(moments.begin(), moments.end(), all_finite))
    return diverge();
  if (snapshot_.iteration % experiment_.training.loss_epoch == 0) record(address);
  if (!problem_) measure_stage();
  if (!problem_) measure_performance();
}

void Trainer::hold_fixed_weights() {
  const std::vector<float>& free = experiment_.training.free;
  for (std::size_t i = 0; i < free.size(); ++i)
    if (free[i] == 0) snapshot_.raw[i] = last_good_.raw[i];
}

void Trainer::record(const BatchAddress& address) {
  const auto slices = static_cast<int>(batch_.slices.size());
  const Objective objective(experiment_.training, *experiment_.network, *experiment_.kernels, batch_.count,
                            batch_.slices.front().x.steps());
  slice_scores_.assign(batch_.slices.size(), {});
  pool_.run(slices, [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    const TrialSlice& slice = batch_.slices[number];
    Workspace& workspace = workspaces_[static_cast<std::size_t>(worker)];
    slice_values_[number] = objective.of_slice({address, index}, slice, workspace, nullptr);
    add_scores(task(), slice, workspace.output, experiment_.conventions, slice_scores_[number]);
  });
  Accuracy accuracy;
  for (const Accuracy& scores : slice_scores_) accuracy += scores;
  const double loss = objective.of_batch(slice_values_, nullptr).total();
  if (!std::isfinite(loss)) return diverge();
  snapshot_.history.push_back({snapshot_.iteration, loss, accuracy.share()});
}

void Trainer::measure_stage() {
  const Curriculum& curriculum = experiment_.curriculum;
  if (curriculum.stages.empty() || snapshot_.iteration % curriculum.metric_epoch != 0) return;
  const auto stage_metric = [&](int stage) {
    const CurriculumStage& measured = curriculum.stages[static_cast<std::size_t>(stage)];
    return measure(measured.metric, *measured.task);
  };
  const double value = stage_metric(snapshot_.curriculum.stage);
  std::vector<double> earlier;
  for (int stage = 0; curriculum.check_earlier_stages && stage < snapshot_.curriculum.stage; ++stage)
    earlier.push_back(stage_metric(stage));
  record_metric(curriculum, snapshot_.iteration, value, std::move(earlier), snapshot_.curriculum);
}

void Trainer::measure_performance() {
  const TrainingParameters& training = experiment_.training;
  if (!training.performance_cutoff || snapshot_.iteration % training.performance_epoch != 0) return;
  snapshot_.performance = measure(training.performance_measure, task());
  snapshot_.cutoff_reached =
      passes(training.performance_measure, snapshot_.performance, *training.performance_cutoff);
}

double Trainer::measure(const Measure& measure, const Task& task) {
  const BatchAddress address{experiment_.seed, static_cast<std::uint32_t>(snapshot_.iteration),
                             TrialsFor::measure};
  Batch batch;
  batch.resize(task.N_batch(), task);
  const Objective objective(experiment_.training, *experiment_.network, *experiment_.kernels, batch.count,
                            task.N_steps());
  std::vector<ObjectiveValue> values(batch.slices.size());
  std::vector<PanelSeries> outputs(batch.slices.size());
  pool_.run(static_cast<int>(batch.slices.size()), [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    TrialSlice& slice = batch.slices[number];
    Workspace& workspace = workspaces_[static_cast<std::size_t>(worker)];
    draw_slice(task, *experiment_.kernels, address, index, slice);
    values[number] = objective.of_slice({address, index}, slice, workspace, nullptr);
    outputs[number] = workspace.output;
  });
  const double loss = objective.of_batch(values, nullptr).loss;
  return measure.value({task, experiment_.conventions, batch, outputs, loss});
}

void Trainer::diverge() {
  problem_ = Problem{"diverged", "",
                     "The network's activity grew beyond any number at iteration " +
                         std::to_string(snapshot_.iteration) + ". The last good weights are kept.",
                     "Try a smaller learning rate, or clip the gradients."};
  if (last_good_.raw.size() == 0) return;  // the weights that the run started from
  snapshot_.raw = last_good_.raw;
  snapshot_.optimizer = last_good_.optimizer;
  snapshot_.batch_loss = last_good_.batch_loss;
  if (snapshot_.iteration > 0) --snapshot_.iteration;
  std::erase_if(snapshot_.history,
                [&](const HistoryPoint& point) { return point.iteration > snapshot_.iteration; });
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
}

void Trainer::evaluate_batch(Batch& batch, const BatchAddress& address, bool draw,
                             const std::vector<PanelSeries>* noise) {
  const auto slices = batch.slices.size();
  const Network& network = *experiment_.network;
  const Objective objective(experiment_.training, network, *experiment_.kernels, batch.count,
                            batch.slices.front().x.steps());
  slice_gradients_.resize(slices);
  slice_values_.resize(slices);
  pool_.run(static_cast<int>(slices), [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    TrialSlice& slice = batch.slices[number];
    Workspace& workspace = workspaces_[static_cast<std::size_t>(worker)];
    if (draw) draw_slice(task(), *experiment_.kernels, address, index, slice);
    const SliceRun run{address, index, noise == nullptr ? nullptr : &(*noise)[number]};
    slice_gradients_[number].resize(network.layout().size());
    slice_gradients_[number].fill(0);
    slice_values_[number] = objective.of_slice(run, slice, workspace, slice_gradients_[number].data());
  });
  add_slice_gradients();
  gradient_.objective = objective.of_batch(slice_values_, gradient_.values.data());
  network.adjoint_effective(snapshot_.raw.data(), gradient_.values.data());
}

void Trainer::add_slice_gradients() {
  gradient_.values = slice_gradients_.front();
  for (std::size_t s = 1; s < slice_gradients_.size(); ++s)
    for (std::size_t i = 0; i < gradient_.values.size(); ++i) gradient_.values[i] += slice_gradients_[s][i];
}

const Gradient& Trainer::evaluate(Batch& batch, const BatchAddress& address,
                                  const std::vector<PanelSeries>* noise) {
  evaluate_batch(batch, address, /*draw=*/false, noise);
  return gradient_;
}

void Trainer::constrain(float* gradient) const {
  const std::vector<float>& free = experiment_.training.free;
  for (std::size_t i = 0; i < free.size(); ++i) gradient[i] *= free[i];
  clip(experiment_.training.clipping, experiment_.network->layout(), gradient);
}

}  // namespace nullcline
