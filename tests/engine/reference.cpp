#include "tests/engine/reference.h"

#include <algorithm>
#include <cmath>

namespace nullcline::support {

Reference::Reference(const Experiment& experiment)
    : experiment_(experiment),
      N_in_(static_cast<std::size_t>(experiment.network->N_in())),
      N_rec_(static_cast<std::size_t>(experiment.network->N_rec())),
      N_out_(static_cast<std::size_t>(experiment.network->N_out())),
      is_lstm_(experiment.document["network"]["type"] == "LSTM"),
      is_psychrnn_(experiment.document["conventions"] == "psychrnn"),
      is_mean_(experiment.document["training"]["reduction"] == "mean"),
      rec_noise_(experiment.document["network"].value("rec_noise", 0.0)),
      beta_(experiment.document["network"]["beta"]),
      negative_slope_(experiment.document["network"]["negative_slope"]),
      function_(experiment.document["network"]["transfer_function"]),
      loss_function_(experiment.document["training"]["loss_function"]) {
  const Json tau = experiment.document["network"].value("tau", Json());
  for (std::size_t i = 0; i < N_rec_; ++i) {
    const double own = tau.is_array()    ? tau[i].get<double>()
                       : tau.is_number() ? tau.get<double>()
                                         : experiment.task->tau();
    alpha_.push_back(experiment.task->dt() / own);
  }
}

std::vector<double> Reference::effective(const std::vector<double>& weights) const {
  std::vector<double> used = weights;
  for (const Variable& variable : experiment_.network->layout().variables())
    for (std::size_t i = 0; i < variable.size(); ++i) {
      double& weight = used[variable.offset + i];
      const WeightConstraint& constraint = variable.constraint;
      if (!constraint.connectivity.empty()) weight *= constraint.connectivity[i];
      if (!constraint.column_signs.empty())
        weight = std::abs(weight) * constraint.column_signs[i % static_cast<std::size_t>(variable.columns)];
    }
  return used;
}

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Φ(x)
double normal_distribution(double x) { return .5 * std::erfc(-x * std::sqrt(.5)); }

}  // namespace

double Reference::rate(double state) const {
  if (function_ == "relu") return state > 0 ? state : 0;
  if (function_ == "tanh") return std::tanh(state);
  if (function_ == "sigmoid") return sigmoid(state);
  if (function_ == "softplus") return std::log1p(std::exp(beta_ * state)) / beta_;
  if (function_ == "leaky_relu") return state > 0 ? state : negative_slope_ * state;
  if (function_ == "gelu") return state * normal_distribution(state);
  return state;
}

double Reference::slope(double state) const {
  if (function_ == "relu") return state > 0 ? 1 : 0;
  if (function_ == "tanh") return 1 - std::pow(std::tanh(state), 2);
  if (function_ == "sigmoid") return rate(state) * (1 - rate(state));
  return 1;
}

std::vector<double> Reference::seen(const std::vector<double>& state) const {
  if (is_lstm_) return state;
  std::vector<double> rates;
  for (const double value : state) rates.push_back(rate(value));
  return rates;
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
  Trial trial{number, cut(trials.x, N_in_), cut(trials.y, N_out_), cut(trials.mask, N_out_), {}};
  trial.noise.assign(steps, std::vector<double>(N_rec_));
  if (trials.noise.empty()) return trial;
  for (std::size_t step = 0; step < steps; ++step)
    for (std::size_t i = 0; i < N_rec_; ++i)
      trial.noise[step][i] = trials.noise[(step * count + number) * N_rec_ + i];
  return trial;
}

Reference::Path Reference::forward(const std::vector<double>& weights, const Trial& trial) const {
  Path path;
  if (is_lstm_)
    long_short_term_memory(weights, trial, path.state);
  else
    continuous_time(weights, trial, path.state);
  const double* W_out = &weights[offset("W_out")];
  const double* b_out = &weights[offset("b_out")];
  for (std::size_t t = 0; t < trial.x.size(); ++t) {
    const std::vector<double> rates = seen(path.state[t + 1]);
    std::vector<double> output(b_out, b_out + N_out_);
    for (std::size_t k = 0; k < N_out_; ++k)
      for (std::size_t i = 0; i < N_rec_; ++i) output[k] += W_out[k * N_rec_ + i] * rates[i];
    path.output.push_back(std::move(output));
  }
  return path;
}

void Reference::continuous_time(const std::vector<double>& weights, const Trial& trial, Series& state) const {
  const double* W_in = &weights[offset("W_in")];
  const double* W_rec = &weights[offset("W_rec")];
  const double* b_rec = &weights[offset("b_rec")];
  const double* init_state = &weights[offset("init_state")];
  state.emplace_back(init_state, init_state + N_rec_);
  for (std::size_t t = 0; t < trial.x.size(); ++t) {
    const std::vector<double>& s = state[t];
    const std::vector<double> rates = seen(s);
    std::vector<double> next(N_rec_);
    for (std::size_t i = 0; i < N_rec_; ++i) {
      double drive = b_rec[i];
      for (std::size_t j = 0; j < N_rec_; ++j) drive += W_rec[i * N_rec_ + j] * rates[j];
      for (std::size_t j = 0; j < N_in_; ++j) drive += W_in[i * N_in_ + j] * trial.x[t][j];
      const double noise = std::sqrt(2 * alpha_[i] * rec_noise_ * rec_noise_) * trial.noise[t][i];
      next[i] = (1 - alpha_[i]) * s[i] + alpha_[i] * drive + noise;
    }
    state.push_back(std::move(next));
  }
}

void Reference::long_short_term_memory(const std::vector<double>& weights, const Trial& trial,
                                       Series& state) const {
  const std::size_t row = is_psychrnn_ ? trial.number * N_rec_ : 0;
  const double* hidden = &weights[offset("init_hidden") + row];
  const double* initial_cell = &weights[offset("init_cell") + row];
  std::vector<double> cell(initial_cell, initial_cell + N_rec_);
  state.emplace_back(hidden, hidden + N_rec_);
  std::vector<const double*> W, b;
  for (const std::string name : {"f", "i", "c", "o"}) {
    W.push_back(&weights[offset("W_" + name)]);
    b.push_back(&weights[offset("b_" + name)]);
  }
  for (std::size_t t = 0; t < trial.x.size(); ++t) {
    const auto gate = [&](std::size_t which, std::size_t i) {
      double sum = b[which][i];
      for (std::size_t j = 0; j < N_rec_; ++j) sum += state[t][j] * W[which][j * N_rec_ + i];
      for (std::size_t j = 0; j < N_in_; ++j) sum += trial.x[t][j] * W[which][(N_rec_ + j) * N_rec_ + i];
      return sum;
    };
    std::vector<double> next(N_rec_);
    for (std::size_t i = 0; i < N_rec_; ++i) {
      cell[i] = sigmoid(gate(0, i)) * cell[i] + sigmoid(gate(1, i)) * std::tanh(gate(2, i));
      next[i] = sigmoid(gate(3, i)) * (is_psychrnn_ ? sigmoid(cell[i]) : std::tanh(cell[i]));
    }
    state.push_back(std::move(next));
  }
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
  const double alpha = alpha_.front();
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
    for (std::size_t j = 0; j < N_rec_; ++j) from_later[j] = (1 - alpha) * state[j];
    for (std::size_t i = 0; i < N_rec_; ++i) {
      const double drive = alpha * state[i];
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
  const std::vector<double> used = effective(weights);
  Run run;
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Path path = forward(used, trial_of(trials, number));
    for (std::size_t t = 0; t < path.output.size(); ++t) {
      run.outputs.insert(run.outputs.end(), path.output[t].begin(), path.output[t].end());
      run.states.insert(run.states.end(), path.state[t + 1].begin(), path.state[t + 1].end());
    }
  }
  return run;
}

double Reference::loss_of(double output, double target, double mask) const {
  if (loss_function_ == "mean_squared_error") return std::pow(mask * (output - target), 2);
  if (loss_function_ == "binary_cross_entropy_with_logits")
    return -mask * (target * std::log(sigmoid(output)) + (1 - target) * std::log(sigmoid(-output)));
  constexpr double epsilon = 1e-7;
  const double q = std::min(std::max(output, epsilon), 1 - epsilon);
  return -mask * (target * std::log(q + epsilon) + (1 - target) * std::log(1 - q + epsilon));
}

double Reference::loss(const std::vector<double>& weights, const Trials& trials) const {
  const std::vector<double> used = effective(weights);
  double sum = 0;
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Trial trial = trial_of(trials, number);
    const Path path = forward(used, trial);
    for (std::size_t t = 0; t < path.output.size(); ++t)
      for (std::size_t k = 0; k < N_out_; ++k)
        sum += loss_of(path.output[t][k], trial.y[t][k], trial.mask[t][k]);
  }
  return is_mean_ ? sum / static_cast<double>(trials.y.size()) : sum;
}

void Reference::add_weight_penalties(const std::vector<double>& effective, double& sum) const {
  const Json& coefficients = experiment_.document["training"]["regularization"];
  const auto add = [&](const std::string& which, const std::vector<double>& weights) {
    double magnitudes = 0, squares = 0;
    for (const double weight : weights) {
      magnitudes += std::abs(weight);
      squares += weight * weight;
    }
    const double divisor = is_mean_ ? static_cast<double>(weights.size()) : 1;
    sum += coefficients["L1_" + which].get<double>() * magnitudes / divisor;
    sum += coefficients["L2_" + which].get<double>() * squares / divisor;
  };
  const auto part = [&](const std::string& name, std::size_t first, std::size_t count) {
    const auto begin = effective.begin() + static_cast<std::ptrdiff_t>(offset(name) + first);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  add("out", part("W_out", 0, N_out_ * N_rec_));
  if (!is_lstm_ || is_psychrnn_) {
    add("in", part("W_in", 0, N_rec_ * N_in_));
    add("rec", part("W_rec", 0, N_rec_ * N_rec_));
    return;
  }
  // An LSTM's gates see the hidden units first, then the inputs.
  std::vector<double> recurrent, input;
  for (const std::string gate : {"W_f", "W_i", "W_c", "W_o"}) {
    const auto hidden = part(gate, 0, N_rec_ * N_rec_), inputs = part(gate, N_rec_ * N_rec_, N_in_ * N_rec_);
    recurrent.insert(recurrent.end(), hidden.begin(), hidden.end());
    input.insert(input.end(), inputs.begin(), inputs.end());
  }
  add("in", input);
  add("rec", recurrent);
}

double Reference::regularization(const std::vector<double>& weights, const Trials& trials) const {
  const std::vector<double> used = effective(weights);
  double sum = 0;
  add_weight_penalties(used, sum);
  const double coefficient = experiment_.document["training"]["regularization"]["L2_firing_rate"];
  if (coefficient == 0) return sum;
  double squares = 0, count = 0;
  for (std::size_t number = 0; number < static_cast<std::size_t>(trials.count); ++number) {
    const Path path = forward(used, trial_of(trials, number));
    for (std::size_t t = 1; t < path.state.size(); ++t)
      for (const double state : path.state[t]) {
        squares += std::pow(rate(state), 2);
        ++count;
      }
  }
  return sum + coefficient * squares / (is_mean_ ? count : 1);
}

std::vector<double> Reference::differences(std::vector<double> weights, const Trials& trials,
                                           double step) const {
  std::vector<double> slopes;
  for (double& weight : weights) {
    const double here = weight;
    const auto difference = [&](double distance) {
      const auto objective_at = [&](double value) {
        weight = value;
        return loss(weights, trials) + regularization(weights, trials);
      };
      const double above = objective_at(here + distance), below = objective_at(here - distance);
      return (above - below) / (2 * distance);
    };
    slopes.push_back((4 * difference(step) - difference(2 * step)) / 3);
    weight = here;
  }
  return slopes;
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
