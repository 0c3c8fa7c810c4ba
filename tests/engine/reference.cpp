#include "tests/engine/reference.h"

#include <algorithm>
#include <cmath>

namespace nullcline::support {

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Φ(x)
double normal_distribution(double x) { return .5 * std::erfc(-x * std::sqrt(.5)); }

std::function<double(double)> transfer_function(const Json& network) {
  const std::string name = network["transfer_function"];
  const double beta = network["beta"], negative_slope = network["negative_slope"];
  if (name == "relu") return [](double state) { return state > 0 ? state : 0; };
  if (name == "tanh") return [](double state) { return std::tanh(state); };
  if (name == "sigmoid") return sigmoid;
  if (name == "softplus") return [beta](double state) { return std::log1p(std::exp(beta * state)) / beta; };
  if (name == "leaky_relu")
    return [negative_slope](double state) { return state > 0 ? state : negative_slope * state; };
  if (name == "gelu") return [](double state) { return state * normal_distribution(state); };
  return [](double state) { return state; };
}

double squared_error(double output, double target, double mask) {
  return std::pow(mask * (output - target), 2);
}

double cross_entropy_with_logits(double output, double target, double mask) {
  return -mask * (target * std::log(sigmoid(output)) + (1 - target) * std::log(sigmoid(-output)));
}

double cross_entropy(double output, double target, double mask) {
  constexpr double epsilon = 1e-7;
  const double q = std::min(std::max(output, epsilon), 1 - epsilon);
  return -mask * (target * std::log(q + epsilon) + (1 - target) * std::log(1 - q + epsilon));
}

std::function<double(double, double, double)> loss_function(const Json& training) {
  const std::string name = training["loss_function"];
  if (name == "mean_squared_error") return squared_error;
  if (name == "binary_cross_entropy_with_logits") return cross_entropy_with_logits;
  return cross_entropy;
}

}  // namespace

Reference::Reference(const Experiment& experiment)
    : experiment_(experiment),
      N_in_(static_cast<std::size_t>(experiment.network->N_in())),
      N_rec_(static_cast<std::size_t>(experiment.network->N_rec())),
      N_out_(static_cast<std::size_t>(experiment.network->N_out())),
      is_lstm_(experiment.document["network"]["type"] == "LSTM"),
      is_psychrnn_(experiment.document["conventions"] == "psychrnn"),
      is_mean_(experiment.document["training"]["reduction"] == "mean"),
      rec_noise_(experiment.document["network"].value("rec_noise", 0.0)),
      function_(experiment.document["network"]["transfer_function"]),
      rate_(transfer_function(experiment.document["network"])),
      loss_of_(loss_function(experiment.document["training"])) {
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

double Reference::slope(double state) const {
  if (function_ == "relu") return state > 0 ? 1 : 0;
  if (function_ == "tanh") return 1 - std::pow(std::tanh(state), 2);
  if (function_ == "sigmoid") return rate_(state) * (1 - rate_(state));
  return 1;
}

std::vector<Reference::Trial> Reference::apart(const Trials& trials) const {
  const auto steps = static_cast<std::size_t>(trials.N_steps), count = static_cast<std::size_t>(trials.count);
  const auto cut = [&](const std::vector<float>& values, std::size_t number, std::size_t channels) {
    Series series(steps, channels);
    const float* first = values.data() + number * steps * channels;
    std::copy(first, first + steps * channels, series.values.begin());
    return series;
  };
  const auto noise_of = [&](std::size_t number) {
    Series noise(steps, N_rec_);
    if (trials.noise.empty()) return noise;
    for (std::size_t step = 0; step < steps; ++step)
      for (std::size_t i = 0; i < N_rec_; ++i)
        noise[step][i] = trials.noise[(step * count + number) * N_rec_ + i];
    return noise;
  };
  std::vector<Trial> all;
  for (std::size_t number = 0; number < count; ++number)
    all.push_back({number, steps, cut(trials.x, number, N_in_), cut(trials.y, number, N_out_),
                   cut(trials.mask, number, N_out_), noise_of(number)});
  return all;
}

Reference::Path Reference::forward(const std::vector<double>& weights, const Trial& trial) const {
  Path path{{trial.steps + 1, N_rec_}, {trial.steps + 1, N_rec_}, {trial.steps, N_out_}};
  if (is_lstm_)
    long_short_term_memory(weights, trial, path);
  else
    continuous_time(weights, trial, path);
  const double* W_out = &weights[offset("W_out")];
  const double* b_out = &weights[offset("b_out")];
  for (std::size_t t = 0; t < trial.steps; ++t)
    for (std::size_t k = 0; k < N_out_; ++k) {
      double& output = path.output[t][k] = b_out[k];
      for (std::size_t i = 0; i < N_rec_; ++i) output += W_out[k * N_rec_ + i] * path.seen[t + 1][i];
    }
  return path;
}

void Reference::continuous_time(const std::vector<double>& weights, const Trial& trial, Path& path) const {
  const double* W_in = &weights[offset("W_in")];
  const double* W_rec = &weights[offset("W_rec")];
  const double* b_rec = &weights[offset("b_rec")];
  const double* init_state = &weights[offset("init_state")];
  std::copy(init_state, init_state + N_rec_, path.state[0]);
  std::transform(path.state[0], path.state[0] + N_rec_, path.seen[0], rate_);
  for (std::size_t t = 0; t < trial.steps; ++t) {
    for (std::size_t i = 0; i < N_rec_; ++i) {
      double drive = b_rec[i];
      for (std::size_t j = 0; j < N_rec_; ++j) drive += W_rec[i * N_rec_ + j] * path.seen[t][j];
      for (std::size_t j = 0; j < N_in_; ++j) drive += W_in[i * N_in_ + j] * trial.x[t][j];
      const double noise = std::sqrt(2 * alpha_[i] * rec_noise_ * rec_noise_) * trial.noise[t][i];
      path.state[t + 1][i] = (1 - alpha_[i]) * path.state[t][i] + alpha_[i] * drive + noise;
    }
    std::transform(path.state[t + 1], path.state[t + 1] + N_rec_, path.seen[t + 1], rate_);
  }
}

void Reference::long_short_term_memory(const std::vector<double>& weights, const Trial& trial,
                                       Path& path) const {
  const std::size_t row = is_psychrnn_ ? trial.number * N_rec_ : 0;
  const double* hidden = &weights[offset("init_hidden") + row];
  const double* initial_cell = &weights[offset("init_cell") + row];
  std::vector<double> cell(initial_cell, initial_cell + N_rec_);
  std::copy(hidden, hidden + N_rec_, path.state[0]);
  std::vector<const double*> W, b;
  for (const std::string name : {"f", "i", "c", "o"}) {
    W.push_back(&weights[offset("W_" + name)]);
    b.push_back(&weights[offset("b_" + name)]);
  }
  for (std::size_t t = 0; t < trial.steps; ++t) {
    const auto gate = [&](std::size_t which, std::size_t i) {
      double sum = b[which][i];
      for (std::size_t j = 0; j < N_rec_; ++j) sum += path.state[t][j] * W[which][j * N_rec_ + i];
      for (std::size_t j = 0; j < N_in_; ++j) sum += trial.x[t][j] * W[which][(N_rec_ + j) * N_rec_ + i];
      return sum;
    };
    for (std::size_t i = 0; i < N_rec_; ++i) {
      cell[i] = sigmoid(gate(0, i)) * cell[i] + sigmoid(gate(1, i)) * std::tanh(gate(2, i));
      path.state[t + 1][i] = sigmoid(gate(3, i)) * (is_psychrnn_ ? sigmoid(cell[i]) : std::tanh(cell[i]));
    }
  }
  path.seen = path.state;
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
  for (std::size_t t = trial.steps; t-- > 0;) {
    const double *before = path.state[t], *after = path.state[t + 1];
    std::vector<double> state = from_later, error(N_out_);
    for (std::size_t k = 0; k < N_out_; ++k) {
      const double mask = trial.mask[t][k];
      error[k] = 2 / elements * mask * mask * (path.output[t][k] - trial.y[t][k]);
      g_b_out[k] += error[k];
      for (std::size_t i = 0; i < N_rec_; ++i) {
        g_W_out[k * N_rec_ + i] += error[k] * path.seen[t + 1][i];
        state[i] += error[k] * W_out[k * N_rec_ + i] * slope(after[i]);
      }
    }
    for (std::size_t j = 0; j < N_rec_; ++j) from_later[j] = (1 - alpha) * state[j];
    for (std::size_t i = 0; i < N_rec_; ++i) {
      const double drive = alpha * state[i];
      g_b_rec[i] += drive;
      for (std::size_t j = 0; j < N_in_; ++j) g_W_in[i * N_in_ + j] += drive * trial.x[t][j];
      for (std::size_t j = 0; j < N_rec_; ++j) {
        g_W_rec[i * N_rec_ + j] += drive * path.seen[t][j];
        from_later[j] += drive * W_rec[i * N_rec_ + j] * slope(before[j]);
      }
    }
  }
  for (std::size_t i = 0; i < N_rec_; ++i) g_init_state[i] += from_later[i];
}

Reference::Run Reference::run(const std::vector<double>& weights, const Trials& trials) const {
  const std::vector<double> used = effective(weights);
  Run run;
  for (const Trial& trial : apart(trials)) {
    const Path path = forward(used, trial);
    run.outputs.insert(run.outputs.end(), path.output.values.begin(), path.output.values.end());
    run.states.insert(run.states.end(), path.state[1], path.state[1] + trial.steps * N_rec_);
  }
  return run;
}

double Reference::weight_penalties(const std::vector<double>& effective) const {
  const Json& coefficients = experiment_.document["training"]["regularization"];
  double sum = 0;
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
    return sum;
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
  return sum;
}

Reference::Objective Reference::objective(const std::vector<double>& weights,
                                          const std::vector<Trial>& trials) const {
  const std::vector<double> used = effective(weights);
  const double coefficient = experiment_.document["training"]["regularization"]["L2_firing_rate"];
  double losses = 0, squares = 0;
  for (const Trial& trial : trials) {
    const Path path = forward(used, trial);
    for (std::size_t i = 0; i < trial.y.values.size(); ++i)
      losses += loss_of_(path.output.values[i], trial.y.values[i], trial.mask.values[i]);
    if (coefficient == 0) continue;
    for (std::size_t i = N_rec_; i < path.state.values.size(); ++i)
      squares += std::pow(rate_(path.state.values[i]), 2);
  }
  const auto steps = static_cast<double>(trials.size() * trials.front().steps);
  const auto mean_or_sum = [&](double sum, std::size_t width) {
    return is_mean_ ? sum / (steps * static_cast<double>(width)) : sum;
  };
  return {mean_or_sum(losses, N_out_), weight_penalties(used) + coefficient * mean_or_sum(squares, N_rec_)};
}

double Reference::loss(const std::vector<double>& weights, const Trials& trials) const {
  return objective(weights, apart(trials)).loss;
}

double Reference::regularization(const std::vector<double>& weights, const Trials& trials) const {
  return objective(weights, apart(trials)).regularization;
}

std::vector<double> Reference::differences(std::vector<double> weights, const Trials& trials,
                                           double step) const {
  const std::vector<Trial> all = apart(trials);
  std::vector<double> slopes;
  for (double& weight : weights) {
    const double here = weight;
    const auto difference = [&](double distance) {
      const auto objective_at = [&](double value) {
        weight = value;
        const auto [loss, regularization] = objective(weights, all);
        return loss + regularization;
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
  for (const Trial& trial : apart(trials))
    backward(weights, trial, forward(weights, trial), static_cast<double>(trials.y.size()), gradient);
  return gradient;
}

}  // namespace nullcline::support
