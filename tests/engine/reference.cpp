#include "tests/engine/reference.h"

#include <cmath>

namespace nullcline::support {

Reference::Reference(const Experiment& experiment)
    : experiment_(experiment),
      N_in_(static_cast<std::size_t>(experiment.network->N_in())),
      N_rec_(static_cast<std::size_t>(experiment.network->N_rec())),
      N_out_(static_cast<std::size_t>(experiment.network->N_out())),
      alpha_(experiment.task->dt() / experiment.task->tau()),
      function_(experiment.document["network"]["transfer_function"]) {
  const double rec_noise = experiment.document["network"]["rec_noise"];
  noise_scale_ = std::sqrt(2 * alpha_ * rec_noise * rec_noise);
}

double Reference::rate(double state) const {
  if (function_ == "relu") return state > 0 ? state : 0;
  if (function_ == "tanh") return std::tanh(state);
  if (function_ == "sigmoid") return 1 / (1 + std::exp(-state));
  return state;
}

double Reference::slope(double state) const {
  if (function_ == "relu") return state > 0 ? 1 : 0;
  if (function_ == "tanh") return 1 - std::pow(std::tanh(state), 2);
  if (function_ == "sigmoid") return rate(state) * (1 - rate(state));
  return 1;
}

Reference::Trial Reference::trial_of(const Trials& trials, std::size_t number) const {
  const auto steps = static_cast<std::size_t>(trials.N_steps), count = static_cast<std::size_t>(trials.count);
  const auto cut = [&](const std::vector<float>& values, std::size_t channels) {
    Series series(steps, std::vector<double>(channels));
    for (std::size_t step = 0; step < steps; ++step)
      for (std::size_t i = 0; i < channels; ++i)
        series[step][i] = values[(number * steps + step) * channels + i];
    return series;
  };
  Trial trial{cut(trials.x, N_in_), cut(trials.y, N_out_), cut(trials.mask, N_out_), {}};
  trial.noise.assign(steps, std::vector<double>(N_rec_));
  if (trials.noise.empty()) return trial;
  for (std::size_t step = 0; step < steps; ++step)
    for (std::size_t i = 0; i < N_rec_; ++i)
      trial.noise[step][i] = trials.noise[(step * count + number) * N_rec_ + i];
  return trial;
}

Reference::Path Reference::forward(const std::vector<double>& weights, const Trial& trial) const {
  const double* W_in = &weights[offset("W_in")];
  const double* W_rec = &weights[offset("W_rec")];
  const double* W_out = &weights[offset("W_out")];
  const double* b_rec = &weights[offset("b_rec")];
  const double* b_out = &weights[offset("b_out")];
  const double* init_state = &weights[offset("init_state")];
  Path path;
  path.state.emplace_back(init_state, init_state + N_rec_);
  for (std::size_t t = 0; t < trial.x.size(); ++t) {
    const std::vector<double>& s = path.state[t];
    std::vector<double> next(N_rec_), output(N_out_);
    for (std::size_t i = 0; i < N_rec_; ++i) {
      double drive = b_rec[i];
      for (std::size_t j = 0; j < N_rec_; ++j) drive += W_rec[i * N_rec_ + j] * rate(s[j]);
      for (std::size_t j = 0; j < N_in_; ++j) drive += W_in[i * N_in_ + j] * trial.x[t][j];
      next[i] = (1 - alpha_) * s[i] + alpha_ * drive + noise_scale_ * trial.noise[t][i];
    }
    for (std::size_t k = 0; k < N_out_; ++k) {
      output[k] = b_out[k];
      for (std::size_t i = 0; i < N_rec_; ++i) output[k] += W_out[k * N_rec_ + i] * rate(next[i]);
    }
    path.state.push_back(std::move(next));
    path.output.push_back(std::move(output));
  }
  return path;
}

void Reference::backward(const std::vector<double>& weights, const Trial& trial, const Path& path,
                         double elements, std::vector<double>& gradient) const {
  const double* W_rec = &weights[offset("W_rec")];
  const double* W_out = &weights[offset("W_out")];
  double* g_W_in = &gradient[offset("W_in")];
  double* g_W_rec = &gradient[offset("W_rec")];
  double* g_W_out = &gradient[offset("W_out")];
  double* g_b_rec = &gradient[offset("b_rec")];
  double* g_b_out = &gradient[offset("b_out")];
  double* g_init_state = &gradient[offset("init_state")];
  std::vector<double> from_later(N_rec_);  // ∂loss/∂state that comes from later steps
  for (std::size_t t = trial.x.size(); t-- > 0;) {
    const std::vector<double>&before = path.state[t], &after = path.state[t + 1];
    std::vector<double> state = from_later, error(N_out_);
    for (std::size_t k = 0; k < N_out_; ++k) {
      const double mask = trial.mask[t][k];
      error[k] = 2 / elements * mask * mask * (path.output[t][k] - trial.y[t][k]);
      g_b_out[k] += error[k];
      for (std::size_t i = 0; i < N_rec_; ++i) {
        g_W_out[k * N_rec_ + i] += error[k] * rate(after[i]);
        state[i] += error[k] * W_out[k * N_rec_ + i] * slope(after[i]);
      }
    }
    for (std::size_t j = 0; j < N_rec_; ++j) from_later[j] = (1 - alpha_) * state[j];
    for (std::size_t i = 0; i < N_rec_; ++i) {
      const double drive = alpha_ * state[i];
      g_b_rec[i] += drive;
      for (std::size_t j = 0; j < N_in_; ++j) g_W_in[i * N_in_ + j] += drive * trial.x[t][j];
      for (std::size_t j = 0; j < N_rec_; ++j) {
        g_W_rec[i * N_rec_ + j] += drive * rate(before[j]);
        from_later[j] += drive * W_rec[i * N_rec_ + j] * slope(before[j]);
      }
    }
  }
  for (std::size_t i = 0; i < N_rec_; ++i) g_init_state[i] += from_later[i];
}

Reference::Run Reference::run(const std::vector<double>& weights, const Trials& trials) const {
  Run run;
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Path path = forward(weights, trial_of(trials, number));
    for (std::size_t t = 0; t < path.output.size(); ++t) {
      run.outputs.insert(run.outputs.end(), path.output[t].begin(), path.output[t].end());
      run.states.insert(run.states.end(), path.state[t + 1].begin(), path.state[t + 1].end());
    }
  }
  return run;
}

double Reference::loss(const std::vector<double>& weights, const Trials& trials) const {
  double sum = 0;
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Trial trial = trial_of(trials, number);
    const Path path = forward(weights, trial);
    for (std::size_t t = 0; t < path.output.size(); ++t)
      for (std::size_t k = 0; k < N_out_; ++k)
        sum += std::pow(trial.mask[t][k] * (path.output[t][k] - trial.y[t][k]), 2);
  }
  return sum / static_cast<double>(trials.y.size());
}

std::vector<double> Reference::gradient(const std::vector<double>& weights, const Trials& trials) const {
  std::vector<double> gradient(weights.size());
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Trial trial = trial_of(trials, number);
    backward(weights, trial, forward(weights, trial), static_cast<double>(trials.y.size()), gradient);
  }
  return gradient;
}

}  // namespace nullcline::support
