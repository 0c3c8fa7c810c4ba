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

Trainer::Trainer(Experiment& experiment, ThreadPool& pool) : experiment_(experiment), pool_(pool) {
  initial_.resize(experiment.network->layout().size());
  experiment.network->initialize(*experiment.kernels, experiment.seed, initial_.data());
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

Progress Trainer::progress() const {
  const int total = experiment_.training.iterations;
  const TrainingState state = problem_                       ? TrainingState::diverged
                              : snapshot_.iteration >= total ? TrainingState::finished
                              : snapshot_.iteration == 0     ? TrainingState::ready
                                                             : TrainingState::training;
  const std::int64_t trials = std::int64_t{snapshot_.iteration} * experiment_.task->N_batch();
  return {state, snapshot_.iteration, total, trials, snapshot_.batch_loss, snapshot_.history, problem_};
}

void Trainer::step(const Budget& budget) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto spent = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); };
  for (int done = 0; done < budget.iterations; ++done) {
    if (problem_ || snapshot_.iteration >= experiment_.training.iterations) return;
    if (done > 0 && spent() >= budget.milliseconds) return;
    iterate();
  }
}

void Trainer::iterate() {
  const BatchAddress address{experiment_.seed, static_cast<std::uint32_t>(snapshot_.iteration),
                             /*test=*/false};
  batch_.resize(experiment_.task->N_batch(), *experiment_.task);
  evaluate_batch(batch_, address, /*draw=*/true, nullptr);
  if (!std::isfinite(gradient_.loss) || !all_finite(gradient_.values)) return diverge();
  last_good_.raw = snapshot_.raw;
  last_good_.optimizer = snapshot_.optimizer;
  constrain(gradient_.values.data());
  experiment_.training.optimizer->update(experiment_.training.learning_rate_at(snapshot_.iteration),
                                         gradient_.values.data(), gradient_.values.size(),
                                         snapshot_.raw.data(), snapshot_.optimizer);
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
  snapshot_.batch_loss = gradient_.loss;
  ++snapshot_.iteration;
  const auto& moments = snapshot_.optimizer.blocks;
  if (!all_finite(snapshot_.raw) || !std::all_of(moments.begin(), moments.end(), all_finite))
    return diverge();
  if (snapshot_.iteration % experiment_.training.loss_epoch == 0) record(address);
}

void Trainer::record(const BatchAddress& address) {
  const auto slices = static_cast<int>(batch_.slices.size());
  const double divisor =
      loss_divisor(experiment_.training.reduction,
                   1.0 * batch_.count * experiment_.task->N_steps() * experiment_.task->N_out());
  slice_scores_.assign(batch_.slices.size(), {});
  pool_.run(slices, [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    const TrialSlice& slice = batch_.slices[number];
    Workspace& workspace = workspaces_[static_cast<std::size_t>(worker)];
    forward(*experiment_.network, *experiment_.kernels, address, index, slice, nullptr, workspace);
    slice_losses_[number] =
        experiment_.training.loss.evaluate(*experiment_.kernels, slice, workspace.output, divisor, nullptr);
    add_scores(slice, workspace.output, experiment_.conventions, slice_scores_[number]);
  });
  double loss = 0;
  Accuracy accuracy;
  for (std::size_t s = 0; s < batch_.slices.size(); ++s) {
    loss += slice_losses_[s];
    accuracy += slice_scores_[s];
  }
  if (!std::isfinite(loss)) return diverge();
  snapshot_.history.push_back({snapshot_.iteration, loss / divisor, accuracy.share()});
}

void Trainer::diverge() {
  problem_ = Problem{"diverged", "",
                     "The network's activity grew beyond any number at iteration " +
                         std::to_string(snapshot_.iteration) + ". The last good weights are kept.",
                     "Try a smaller learning rate, or clip the gradients."};
  if (last_good_.raw.size() == 0) return;  // the weights that the run started from
  snapshot_.raw = last_good_.raw;
  snapshot_.optimizer = last_good_.optimizer;
  if (snapshot_.iteration > 0) --snapshot_.iteration;
  std::erase_if(snapshot_.history,
                [&](const HistoryPoint& point) { return point.iteration > snapshot_.iteration; });
  experiment_.network->load(*experiment_.kernels, snapshot_.raw.data());
}

void Trainer::evaluate_batch(Batch& batch, const BatchAddress& address, bool draw,
                             const std::vector<PanelSeries>* noise) {
  const auto slices = batch.slices.size();
  const std::size_t parameters = experiment_.network->layout().size();
  const PanelSeries& targets = batch.slices.front().y;
  const double divisor =
      loss_divisor(experiment_.training.reduction, 1.0 * batch.count * targets.steps() * targets.rows());
  slice_gradients_.resize(slices);
  slice_losses_.resize(slices);
  pool_.run(static_cast<int>(slices), [&](int index, int worker) {
    const auto number = static_cast<std::size_t>(index);
    TrialSlice& slice = batch.slices[number];
    Workspace& workspace = workspaces_[static_cast<std::size_t>(worker)];
    if (draw) draw_slice(*experiment_.task, *experiment_.kernels, address, index, slice);
    forward(*experiment_.network, *experiment_.kernels, address, index, slice,
            noise == nullptr ? nullptr : &(*noise)[number], workspace);
    workspace.output_gradient.resize(slice.panels(), workspace.output.steps(), workspace.output.rows());
    slice_losses_[number] = experiment_.training.loss.evaluate(*experiment_.kernels, slice, workspace.output,
                                                               divisor, &workspace.output_gradient);
    slice_gradients_[number].resize(parameters);
    slice_gradients_[number].fill(0);
    backward(*experiment_.network, slice, workspace, slice_gradients_[number].data());
  });
  gradient_.loss = 0;
  for (const double loss : slice_losses_) gradient_.loss += loss;
  gradient_.loss /= divisor;
  add_slice_gradients();
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
  clip(experiment_.training.clipping, experiment_.network->layout(), gradient);
}

}  // namespace nullcline
