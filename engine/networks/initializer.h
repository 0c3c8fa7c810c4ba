#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/json.h"
#include "engine/math/kernels.h"
#include "engine/networks/constraints.h"

namespace nullcline {

struct NetworkSizes {
  int N_in;
  int N_rec;
  int N_out;
};

/// Where the initial weights of a continuous-time network go: matrices to × from, row-major.
struct InitialWeights {
  float* W_in;
  float* W_rec;
  float* W_out;
  float* b_rec;
  float* b_out;
  float* init_state;
};

/// A way to draw initial weights: raw ones, which the constraints turn into those that are used.
class Initializer {
 public:
  virtual ~Initializer() = default;
  /// Returns what the user should be told, in sentences.
  virtual std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed,
                                              const Constraints& constraints,
                                              const InitialWeights& weights) const = 0;
};

struct InitializerType {
  std::string name;
  Json schema;
  std::unique_ptr<Initializer> (*create)(const Json& parameters, const NetworkSizes& sizes,
                                         const Context& context);
};

/// All initializers, in the order in which forms list them.
const std::vector<InitializerType>& initializer_types();
/// Adds one; to be called before the experiments are described or made. Throws a Failure when the name is
/// taken.
void register_initializer(InitializerType type);

/// The initializer of a network's resolved part of the document.
std::unique_ptr<Initializer> make_initializer(const Json& parameters, const NetworkSizes& sizes,
                                              const Context& context);

// ---------------------------------------------------------------------------------------------------------------------
// For those who write one

/// Distributions of independent weights; Glorot's (Glorot & Bengio 2010) follow the connections that exist.
enum class RandomFill { glorot_gauss, glorot_unif, const_gauss, const_unif };

/// Numbers under which the matrices' random numbers are addressed; part of the numerics contract.
enum RandomMatrix : std::uint32_t { random_W_in, random_W_rec, random_W_out, random_init_state };

/// Standard deviation √(2 / (fan_in + fan_out)) of each weight, fan_in being the sum of its row of the
/// connectivity and fan_out that of its column; 0 where both are empty. `connectivity` may be empty: all
/// exist.
std::vector<float> glorot_deviations(const std::vector<float>& connectivity, int rows, int columns);
/// Limit √(6 / (fan_in + fan_out)) of each weight's uniform distribution.
std::vector<float> glorot_limits(const std::vector<float>& connectivity, int rows, int columns);

/// Balances excitation and inhibition under Dale's law: in each row, inhibitory weights grow so that over the
/// connections that exist both add up to the same on average, and the row is scaled to the length that it has
/// without. Under PsychRNN's conventions by its formula, which scales columns by the norms of rows.
void balance_dale(const Constraints& constraints, int N_rec, Conventions conventions, float* W_rec);

/// Scales W_rec to the spectral radius: of the effective matrix, or under PsychRNN's conventions of W_rec
/// itself. False where there is none to scale (a feed-forward mask).
bool scale_to_spectral_radius(const Constraints& constraints, int N_rec, double wanted,
                              Conventions conventions, float* W_rec);

/// Draws W_in, W_rec and W_out from `which_rand_init`, sets biases to 0 and the initial state to 0.1 with a
/// little noise, and puts in what the document gives. Derived classes draw W_rec their own way.
class RandomInitializer : public Initializer {
 public:
  RandomInitializer(const Json& parameters, const NetworkSizes& sizes, const Context& context);
  std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed,
                                      const Constraints& constraints,
                                      const InitialWeights& weights) const override;

 protected:
  virtual std::vector<std::string> draw_W_rec(const Kernels& kernels, std::uint32_t seed,
                                              const Constraints& constraints, float* W_rec) const;
  void fill(RandomFill how, const Kernels& kernels, std::uint32_t seed, RandomMatrix matrix,
            const std::vector<float>& connectivity, int rows, int columns, float* values) const;
  /// Draws W_rec even where it is given.
  void forget_given_W_rec() { given_W_rec_.reset(); }

  NetworkSizes sizes_;
  Conventions conventions_;

 private:
  using Given = std::optional<std::vector<float>>;
  RandomFill which_rand_init_;
  RandomFill which_rand_W_rec_init_;
  float init_minval_;
  float init_maxval_;
  Given given_W_in_, given_W_rec_, given_W_out_, given_b_rec_, given_b_out_, given_init_state_;
};

/// The fields that RandomInitializer reads, after those of its own.
std::vector<Field> random_initializer_fields(std::vector<Field> own);

}  // namespace nullcline
