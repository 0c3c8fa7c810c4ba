#include <cmath>

#include "engine/training/penalty.h"

namespace nullcline {

namespace {

/// Adds term(w) over the weights of those connections, and coefficient · slope(w) to their gradients.
template <class Term, class Slope>
double penalise(const Network& network, Connections which, const float* weights, Reduction reduction,
                double coefficient, float* gradient, Term term, Slope slope) {
  const auto spans = network.connections(which, weights);
  double count = 0, sum = 0;
  for (const auto& span : spans) count += static_cast<double>(span.size());
  if (count == 0) return 0;
  const double divisor = loss_divisor(reduction, count);
  const auto scale = static_cast<float>(coefficient / divisor);
  for (const auto& span : spans)
    for (const float& weight : span) {
      sum += term(static_cast<double>(weight));
      if (gradient != nullptr) gradient[&weight - weights] += scale * slope(weight);
    }
  return sum / divisor;
}

float sign(float value) { return value > 0 ? 1.0f : (value < 0 ? -1.0f : 0.0f); }

/// Mean of |w|, whose derivative at 0 is 0.
template <Connections which>
double mean_magnitude(const Network& network, const float* weights, Reduction reduction, double coefficient,
                      float* gradient) {
  return penalise(
      network, which, weights, reduction, coefficient, gradient, [](double w) { return std::abs(w); }, sign);
}

/// Mean of w².
template <Connections which>
double mean_square(const Network& network, const float* weights, Reduction reduction, double coefficient,
                   float* gradient) {
  return penalise(
      network, which, weights, reduction, coefficient, gradient, [](double w) { return w * w; },
      [](float w) { return 2 * w; });
}

struct Words {
  const char* suffix;
  const char* title;
  const char* weights;
};

Words words_of(Connections which) {
  constexpr Words words[] = {{"in", "input", "input weights"},
                             {"rec", "recurrent", "recurrent weights"},
                             {"out", "output", "output weights"}};
  return words[static_cast<std::size_t>(which)];
}

template <class Function>
Function chosen(Connections which, Function input, Function recurrent, Function output) {
  const Function functions[] = {input, recurrent, output};
  return functions[static_cast<std::size_t>(which)];
}

}  // namespace

Penalty l1_penalty(Connections which) {
  const Words words = words_of(which);
  return {
      std::string("L1_") + words.suffix, std::string("L1, ") + words.title,
      std::string("Times the mean magnitude of the ") + words.weights + ": few strong ones rather than many.",
      chosen(which, mean_magnitude<Connections::input>, mean_magnitude<Connections::recurrent>,
             mean_magnitude<Connections::output>),
      nullptr};
}

Penalty l2_penalty(Connections which) {
  const Words words = words_of(which);
  return {std::string("L2_") + words.suffix, std::string("L2, ") + words.title,
          std::string("Times the mean square of the ") + words.weights + ": no very strong ones.",
          chosen(which, mean_square<Connections::input>, mean_square<Connections::recurrent>,
                 mean_square<Connections::output>),
          nullptr};
}

}  // namespace nullcline
