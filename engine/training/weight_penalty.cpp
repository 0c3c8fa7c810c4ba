#include <cmath>

#include "engine/training/penalty.h"

namespace nullcline {

namespace {

/// A function of one weight and its slope.
struct Term {
  double (*value)(double weight);
  float (*slope)(float weight);
};

/// |w|, whose slope at 0 is 0, and w².
constexpr Term magnitude = {[](double w) { return std::abs(w); },
                            [](float w) { return w > 0 ? 1.0f : (w < 0 ? -1.0f : 0.0f); }};
constexpr Term square = {[](double w) { return w * w; }, [](float w) { return 2 * w; }};

/// Mean or sum of the term over the weights of those connections; adds coefficient · slope to their
/// gradients.
double penalise(const Network& network, Connections which, const Term& term, const float* weights,
                Reduction reduction, double coefficient, float* gradient) {
  const auto spans = network.connections(which, weights);
  double count = 0, sum = 0;
  for (const auto& span : spans) count += static_cast<double>(span.size());
  if (count == 0) return 0;
  const double divisor = loss_divisor(reduction, count);
  const auto scale = static_cast<float>(coefficient / divisor);
  for (const auto& span : spans)
    for (const float& weight : span) {
      sum += term.value(static_cast<double>(weight));
      if (gradient != nullptr) gradient[&weight - weights] += scale * term.slope(weight);
    }
  return sum / divisor;
}

struct Words {
  const char* suffix;
  const char* connections;
};

Penalty weight_penalty(Connections which, const Term& term, const char* norm, const char* mean,
                       const char* effect) {
  constexpr Words all[] = {{"in", "input"}, {"rec", "recurrent"}, {"out", "output"}};
  const Words words = all[static_cast<std::size_t>(which)];
  return {std::string(norm) + "_" + words.suffix, std::string(norm) + ", " + words.connections,
          std::string("Times the ") + mean + " of the " + words.connections + " weights: " + effect,
          [which, term](const Network& network, const float* weights, Reduction reduction, double coefficient,
                        float* gradient) {
            return penalise(network, which, term, weights, reduction, coefficient, gradient);
          },
          nullptr};
}

}  // namespace

Penalty l1_penalty(Connections which) {
  return weight_penalty(which, magnitude, "L1", "mean magnitude", "few strong ones rather than many.");
}

Penalty l2_penalty(Connections which) {
  return weight_penalty(which, square, "L2", "mean square", "no very strong ones.");
}

}  // namespace nullcline
