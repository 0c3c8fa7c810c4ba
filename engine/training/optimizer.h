#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/schema.h"
#include "engine/math/panels.h"

namespace nullcline {

/// What an optimiser remembers between updates. Blocks have the layout of the parameters; numbers are its
/// own.
struct OptimizerState {
  std::vector<FloatBuffer> blocks;
  std::vector<double> numbers;
};

/// A state with one block for each of `values`, filled with it.
OptimizerState filled_state(std::size_t parameters, std::initializer_list<float> values,
                            std::vector<double> numbers = {});

/// The field `momentum` of the optimisers that have it.
Field momentum_field();

/// Hyper-parameters and the update rule; the state is kept apart, so that it can be saved and put back.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual OptimizerState initial_state(std::size_t parameters) const = 0;
  /// One update of `size` weights in place.
  virtual void update(double learning_rate, const float* gradient, std::size_t size, float* weights,
                      OptimizerState& state) const = 0;
};

struct OptimizerType {
  std::string name;
  Json schema;
  std::unique_ptr<Optimizer> (*create)(const Json& parameters);
};

/// All types; the first is the default.
const std::vector<OptimizerType>& optimizer_types();
/// Adds one; to be called before experiments are made. Throws a Failure when the name is taken.
void register_optimizer(OptimizerType type);

// One line a type; optimizer.cpp lists them.
OptimizerType adam();
OptimizerType adam_w();
OptimizerType stochastic_gradient_descent();
OptimizerType rms_prop();
OptimizerType adagrad();

}  // namespace nullcline
