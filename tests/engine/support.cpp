#include "tests/engine/support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/tasks/given_trials.h"

namespace nullcline::support {

namespace {

Json merged(Json document, const Json& changes) {
  document.merge_patch(changes);
  return document;
}

}  // namespace

Json hello_world(const Json& changes) {
  return merged(Json::parse(R"({
    "nullcline": 1,
    "task": {"type": "PerceptualDiscrimination", "dt": 10, "tau": 100, "T": 2000, "N_batch": 128},
    "network": {"type": "Basic", "N_rec": 50}
  })"),
                changes);
}

Json odd_sizes(const Json& changes) {
  return merged(Json::parse(R"({
    "nullcline": 1, "seed": 5,
    "task": {"type": "PerceptualDiscrimination", "dt": 20, "tau": 100, "T": 790, "N_batch": 37},
    "network": {"type": "Basic", "N_rec": 13, "transfer_function": "tanh", "rec_noise": 0.05},
    "training": {"iterations": 1000, "loss_epoch": 4}
  })"),
                changes);
}

Json resolved(const Json& document, const FileSource& files) {
  std::vector<Problem> problems;
  Json result = resolve_document(document, problems, 1, files);
  if (!problems.empty()) throw Failure(problems.front());
  return result;
}

std::vector<Problem> problems_of(const Json& document, const FileSource& files) {
  std::vector<Problem> problems;
  resolve_document(document, problems, 1, files);
  return problems;
}

Experiment experiment(const Json& document, const FileSource& files) {
  return make_experiment(resolved(document, files), files);
}

Experiment experiment_on(const Trials& trials, const Json& document) {
  const Json all = resolved(document);
  TrialArrays arrays{trials.count, trials.N_steps, trials.N_in, trials.N_out,
                     trials.x,     trials.y,       trials.mask};
  return make_experiment(
      all, given_trials(std::move(arrays), all["task"]["dt"], all["task"]["tau"], trials.count));
}

std::vector<TrialParameters> drawn_parameters(const Json& document, int count) {
  const Experiment drawn = experiment(document);
  std::vector<TrialParameters> trials;
  for (int trial = 0; trial < count; ++trial) {
    Draws draws(drawn.seed, Purpose::trial_parameters, 0, static_cast<std::uint32_t>(trial));
    trials.push_back(drawn.task->draw(draws));
  }
  return trials;
}

std::map<double, int> counts(const std::vector<TrialParameters>& trials, std::size_t place) {
  std::map<double, int> found;
  for (const TrialParameters& trial : trials) ++found[trial[place]];
  return found;
}

std::pair<double, double> range(const std::vector<TrialParameters>& trials, std::size_t place) {
  const auto [least, greatest] = std::minmax_element(
      trials.begin(), trials.end(), [&](const auto& a, const auto& b) { return a[place] < b[place]; });
  return {(*least)[place], (*greatest)[place]};
}

const Kernels& plain_kernels() { return *find_kernels(Arithmetic::plain); }

void train(Session& session, int count) { session.trainer().step({count, 1e9}); }

std::vector<std::string> arithmetics() {
  std::vector<std::string> names;
  for (const Arithmetic arithmetic : {Arithmetic::plain, Arithmetic::fused})
    if (arithmetic_available(arithmetic)) names.push_back(to_string(arithmetic));
  return names;
}

float Numbers::uniform(double low, double high) {
  return static_cast<float>(low + (high - low) * (static_cast<double>(engine_()) * 0x1p-32));
}

std::vector<float> Numbers::uniforms(std::size_t count, double low, double high) {
  std::vector<float> values(count);
  for (float& value : values) value = uniform(low, high);
  return values;
}

std::vector<float> Numbers::normals(std::size_t count) {
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(engine_);
  return values;
}

Trials random_trials(const TrialShape& shape, unsigned seed) {
  Numbers numbers(seed);
  const auto steps = static_cast<std::size_t>(shape.count * shape.N_steps);
  Trials trials;
  trials.count = shape.count;
  trials.N_steps = shape.N_steps;
  trials.N_in = shape.N_in;
  trials.N_out = shape.N_out;
  trials.x = numbers.uniforms(steps * static_cast<std::size_t>(shape.N_in), -1, 1);
  trials.y = numbers.uniforms(steps * static_cast<std::size_t>(shape.N_out), 0, 1);
  trials.mask = numbers.uniforms(steps * static_cast<std::size_t>(shape.N_out), 0, 1);
  if (shape.N_rec > 0) trials.noise = numbers.normals(steps * static_cast<std::size_t>(shape.N_rec));
  return trials;
}

Trials part_of(const Trials& trials, int first, int count) {
  Trials part;
  part.count = count;
  part.N_steps = trials.N_steps;
  part.N_in = trials.N_in;
  part.N_out = trials.N_out;
  const auto cut = [&](const std::vector<float>& all, std::vector<float>& some) {
    const auto size = static_cast<std::ptrdiff_t>(all.size()) / trials.count;
    some.assign(all.begin() + first * size, all.begin() + (first + count) * size);
  };
  cut(trials.x, part.x);
  cut(trials.y, part.y);
  cut(trials.mask, part.mask);
  const auto row = static_cast<std::ptrdiff_t>(trials.noise.size()) / trials.N_steps;  // all trials of a step
  const auto size = row / trials.count;
  for (std::ptrdiff_t step = 0; row > 0 && step < trials.N_steps; ++step) {
    const auto from = trials.noise.begin() + step * row + first * size;
    part.noise.insert(part.noise.end(), from, from + count * size);
  }
  return part;
}

void put(const ParameterLayout& layout, const std::string& name, const std::vector<double>& values,
         FloatBuffer& block) {
  const Variable& variable = *layout.find(name);
  ASSERT_EQ(values.size(), variable.size()) << name;
  for (std::size_t i = 0; i < values.size(); ++i) block[variable.offset + i] = static_cast<float>(values[i]);
}

std::vector<float> part_of(const ParameterLayout& layout, const std::string& name, const FloatBuffer& block) {
  const Variable& variable = *layout.find(name);
  return {block.begin() + variable.offset, block.begin() + variable.offset + variable.size()};
}

const std::vector<std::string>& weight_names() {
  static const std::vector<std::string> names = {"W_in", "W_rec", "W_out", "b_rec", "b_out", "init_state"};
  return names;
}

std::vector<float> floats(const FloatBuffer& block) { return {block.begin(), block.end()}; }

std::vector<double> doubles(const FloatBuffer& block) { return {block.begin(), block.end()}; }

void expect_same_bits(const std::vector<float>& expected, const std::vector<float>& actual,
                      const std::string& what) {
  ASSERT_EQ(expected.size(), actual.size()) << what;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::bit_cast<std::uint32_t>(expected[i]) == std::bit_cast<std::uint32_t>(actual[i])) continue;
    if (std::isnan(expected[i]) && std::isnan(actual[i])) continue;
    char text[100];
    std::snprintf(text, sizeof text, "expected %a, found %a", static_cast<double>(expected[i]),
                  static_cast<double>(actual[i]));
    FAIL() << what << ", element " << i << ": " << text;
  }
}

void expect_close(const std::vector<double>& expected, const std::vector<float>& actual, double relative,
                  const std::string& what) {
  ASSERT_EQ(expected.size(), actual.size()) << what;
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  double worst = 0;
  std::size_t place = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double allowed = relative * std::max(std::abs(expected[i]), largest / 100);
    const double error = std::abs(static_cast<double>(actual[i]) - expected[i]);
    // An error of 0 is fine even where nothing is allowed; a NaN never is.
    const double share = error == 0 ? 0 : error / allowed;
    if (share <= worst) continue;
    worst = share;
    place = i;
    if (std::isnan(share)) break;
  }
  if (expected.empty()) return;
  EXPECT_LE(worst, 1) << what << ", element " << place << ": expected " << expected[place] << ", found "
                      << actual[place];
}

}  // namespace nullcline::support
