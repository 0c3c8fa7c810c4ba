// A program with a network, an initializer, a loss, a penalty and a measure of its own. It trains them, and
// shows by finite differences that their gradients are right: what everybody should do who writes one.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/session.h"
#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

Session open(const char* network, int iterations) {
  const std::string document = std::string(R"({"nullcline": 1,
      "task": {"type": "PerceptualDiscrimination", "dt": 20, "tau": 100, "T": 1000, "N_batch": 64},
      "network": )") + network +
                               R"(,
      "training": {"iterations": )" +
                               std::to_string(iterations) +
                               R"(, "learning_rate": 0.005, "loss_function": "huber",
                   "regularization": {"L2_rate_change": 0.01}}})";
  return {read_experiment(document), /*threads=*/2};
}

double objective(Session& session, const Trials& trials, const FloatBuffer& weights) {
  session.trainer().set_weights(weights);
  const BatchGradient gradient = session.gradient(trials);
  return gradient.loss + gradient.regularization;
}

/// Largest difference between the gradient and central differences, as a share of the largest gradient.
double gradient_error(Session& session) {
  const Trials trials = session.draw({20});
  const FloatBuffer weights = session.trainer().raw_weights();
  const FloatBuffer gradient = session.gradient(trials).raw;
  double largest = 0, error = 0;
  for (std::size_t i = 0; i < weights.size(); i += 7) {
    constexpr float step = 3e-3f;
    FloatBuffer above = weights, below = weights;
    above[i] += step;
    below[i] -= step;
    const double slope = (objective(session, trials, above) - objective(session, trials, below)) /
                         static_cast<double>(above[i] - below[i]);
    largest = std::max(largest, std::abs(slope));
    error = std::max(error, std::abs(slope - static_cast<double>(gradient[i])));
  }
  session.trainer().set_weights(weights);
  return error / largest;
}

/// True when the gradient is right and training works.
bool check(const char* network, int iterations) {
  Session session = open(network, iterations);
  const double error = gradient_error(session);
  while (session.trainer().progress().state != TrainingState::finished) {
    session.trainer().step({/*iterations=*/50});
    if (const auto problem = session.trainer().progress().problem) throw Failure(*problem);
  }
  const double accuracy = session.test(1000, 0).accuracy.share();
  std::printf("%s\n  gradient within %.4f %% of finite differences; %.1f %% correct after %d iterations\n",
              network, 100 * error, 100 * accuracy, iterations);
  return error < .01 && accuracy > .9;
}

/// True when the measure leads through a curriculum: each stage is passed at the margin that it asks for.
bool check_measure() {
  Session session(read_experiment(R"({"nullcline": 1,
                    "task": {"type": "PerceptualDiscrimination", "dt": 20, "tau": 100, "T": 1000, "N_batch": 64},
                    "network": {"type": "Basic", "N_rec": 30},
                    "training": {"iterations": 400, "learning_rate": 0.005},
                    "curriculum": {"metric": "choice_margin", "threshold": 0.4,
                                   "stages": [{"task": {"coherence": 1}}, {"task": {"coherence": 0.5}, "threshold": 0.5}]}})"),
                  /*threads=*/2);
  while (session.trainer().progress().state != TrainingState::finished)
    session.trainer().step({/*iterations=*/50});
  const CurriculumState& state = session.trainer().snapshot().curriculum;
  for (const MetricPoint& point : state.metrics)
    std::printf("iteration %d, stage %d: choice_margin %.3f\n", point.iteration, point.stage, point.value);
  return state.stage == 2 && state.metrics.back().value >= .5;
}

bool check_all() {
  register_initializer(delay_line());
  register_network(feed_forward_network());
  register_loss(huber_loss());
  register_penalty(rate_change_penalty());
  register_measure(choice_margin());
  const bool network = check(R"({"type": "FeedForward", "N_rec": 30, "N_ff": 12})", 300);
  const bool initializer =
      check(R"({"type": "Basic", "N_rec": 30, "initializer": {"type": "DelayLine", "weight": 0.9}})", 300);
  return network && initializer && check_measure();
}

}  // namespace

}  // namespace nullcline

int main() {
  try {
    return nullcline::check_all() ? 0 : 1;
  } catch (const nullcline::Failure& failure) {
    std::fprintf(stderr, "%s %s\n", failure.what(), failure.problem().hint.c_str());
    return 1;
  }
}
