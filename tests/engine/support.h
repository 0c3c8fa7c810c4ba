#pragma once

#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/session.h"

namespace nullcline::support {

inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// The document of the introduction (perceptual discrimination, 50 units) with `changes` merged in.
Json hello_world(const Json& changes = Json::object());

/// A small experiment of odd sizes, so that panels, tiles and blocks of steps all have remainders: noisy tanh
/// units, 13 of them, 37 trials an iteration, 40 steps.
Json odd_sizes(const Json& changes = Json::object());

/// The document with every default written out. Throws the first problem.
Json resolved(const Json& document, const FileSource& files = no_files());
std::vector<Problem> problems_of(const Json& document, const FileSource& files = no_files());
Experiment experiment(const Json& document, const FileSource& files = no_files());

/// An experiment on given trials, which are one batch; `document` gives all else.
Experiment experiment_on(const Trials& trials, const Json& document);

/// Parameters of the first trials that training on a document draws, its task alone.
std::vector<TrialParameters> drawn_parameters(const Json& document, int count = 20000);
/// How often each value of the parameter at `place` occurs, and the least and the greatest one.
std::map<double, int> counts(const std::vector<TrialParameters>& trials, std::size_t place);
std::pair<double, double> range(const std::vector<TrialParameters>& trials, std::size_t place);

/// Kernels of plain arithmetic.
const Kernels& plain_kernels();

/// Trains for that many iterations.
void train(Session& session, int count);

/// Arithmetics that this build has on this processor.
std::vector<std::string> arithmetics();

/// Numbers for tests.
class Numbers {
 public:
  explicit Numbers(unsigned seed) : engine_(seed) {}
  float uniform(double low, double high);
  std::vector<float> uniforms(std::size_t count, double low, double high);
  /// Standard normals.
  std::vector<float> normals(std::size_t count);

 private:
  std::mt19937 engine_;
};

/// Trials of random inputs, targets and masks between 0 and 1, with noise for `N_rec` units (none where 0).
struct TrialShape {
  int count;
  int N_steps;
  int N_in;
  int N_out;
  int N_rec = 0;
};
Trials random_trials(const TrialShape& shape, unsigned seed);

/// Trials [first, first + count) of `trials`.
Trials part_of(const Trials& trials, int first, int count);

/// The parameter block with `name`'s part taken from `values`.
void put(const ParameterLayout& layout, const std::string& name, const std::vector<double>& values,
         FloatBuffer& block);
std::vector<float> part_of(const ParameterLayout& layout, const std::string& name, const FloatBuffer& block);

/// The names of the weights of `Basic`, in the order of the parameter block.
const std::vector<std::string>& weight_names();

std::vector<float> floats(const FloatBuffer& block);
std::vector<double> doubles(const FloatBuffer& block);

/// A matrix as the document has it: a list of rows.
template <class Value>
Json nested(const std::vector<Value>& values, int columns) {
  Json rows = Json::array();
  for (auto row = values.begin(); row != values.end(); row += columns)
    rows.push_back(std::vector<Value>(row, row + columns));
  return rows;
}

/// Fails, naming the first difference, unless both hold the same bits (any NaN equals any other).
void expect_same_bits(const std::vector<float>& expected, const std::vector<float>& actual,
                      const std::string& what);

/// Fails, naming the worst element, unless each is within `relative` of the expected one; elements far
/// smaller than the largest are held to a hundredth of that error of the largest.
void expect_close(const std::vector<double>& expected, const std::vector<float>& actual, double relative,
                  const std::string& what);

}  // namespace nullcline::support
