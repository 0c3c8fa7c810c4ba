#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/math/kernels.h"

namespace nullcline {

/// Where the initial weights of a continuous-time network go: matrices to × from, row-major.
struct InitialWeights {
  int N_in;
  int N_rec;
  int N_out;
  float* W_in;
  float* W_rec;
  float* W_out;
  float* b_rec;
  float* b_out;
  float* init_state;
};

/// A way to draw initial weights.
class Initializer {
 public:
  virtual ~Initializer() = default;
  virtual void initialize(const Kernels& kernels, std::uint32_t seed,
                          const InitialWeights& weights) const = 0;
};

struct InitializerType {
  std::string name;
  Json schema;
  std::unique_ptr<Initializer> (*create)(const Json& parameters);
};

const std::vector<InitializerType>& initializer_types();

}  // namespace nullcline
