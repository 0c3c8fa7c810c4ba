#pragma once

#include <array>
#include <cstdint>

namespace nullcline {

struct Kernels;

/// What a random number is for. A number is addressed by purpose and place, never drawn in sequence, so that
/// threads, pausing and tests in between change nothing. The values are part of the numerics contract.
enum class Purpose : std::uint32_t {
  initial_weights = 1,
  trial_parameters = 2,
  stimulus_noise = 3,
  recurrent_noise = 4,
  test_trial_parameters = 5,
  test_stimulus_noise = 6,
  test_recurrent_noise = 7,
  connectivity = 8,
  measure_trial_parameters = 9,
  measure_stimulus_noise = 10,
  measure_recurrent_noise = 11,
};

/// Four random words at an address: Philox 4×32, ten rounds (Salmon et al. 2011), key = (seed, purpose).
std::array<std::uint32_t, 4> random_words(std::uint32_t seed, Purpose purpose,
                                          const std::array<std::uint32_t, 4>& address);

/// Fills `[row][8]` with standard normals for one step of one panel: row r of trial `first_trial + lane` has
/// the address (iteration, trial, step, r / 4), so it depends on nothing but that.
void fill_normals(const Kernels& kernels, std::uint32_t seed, Purpose purpose, std::uint32_t iteration,
                  std::uint32_t first_trial, std::uint32_t step, int rows, float* panel);

/// Standard normals for the elements of a rows × columns matrix, row-major.
void fill_normal_matrix(const Kernels& kernels, std::uint32_t seed, std::uint32_t matrix, int rows,
                        int columns, float* values);

/// Random numbers for the parameters of one trial, in the order in which its task asks for them.
class Draws {
 public:
  Draws(std::uint32_t seed, Purpose purpose, std::uint32_t iteration, std::uint32_t trial)
      : seed_(seed), purpose_(purpose), iteration_(iteration), trial_(trial) {}

  std::uint32_t iteration() const { return iteration_; }
  std::uint32_t trial() const { return trial_; }

  /// Uniform in [0, 1), 32 bits.
  double uniform();
  /// Uniform integer in [0, count).
  int choice(int count);
  /// Exponential with that mean.
  double exponential(double mean);

 private:
  std::uint32_t seed_;
  Purpose purpose_;
  std::uint32_t iteration_;
  std::uint32_t trial_;
  std::uint32_t drawn_ = 0;
};

}  // namespace nullcline
