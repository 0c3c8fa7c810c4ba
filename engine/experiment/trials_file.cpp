#include "engine/experiment/trials_file.h"

#include "engine/experiment/problem.h"

namespace nullcline {

namespace {

/// Each dimension of a trials file must be from 1 to this.
constexpr std::size_t longest_dimension = 1000000;

Shape checked_shape(const Array& array, const std::string& place, const char* wanted) {
  bool fits = array.shape.size() == 3;
  for (const std::size_t length : array.shape) fits = fits && length >= 1 && length <= longest_dimension;
  if (!fits)
    throw Failure({"wrong_shape", place,
                   place + " must have the shape " + wanted + "; found " + shown(array.shape) + ".", ""});
  return array.shape;
}

Shape shape_of(std::initializer_list<int> lengths) {
  Shape shape;
  for (const int length : lengths) shape.push_back(static_cast<std::size_t>(length));
  return shape;
}

}  // namespace

std::vector<NamedArray> trials_arrays(const Task& task, const Trials& trials) {
  const Shape inputs = shape_of({trials.count, trials.N_steps, trials.N_in});
  const Shape outputs = shape_of({trials.count, trials.N_steps, trials.N_out});
  return {{"x", {inputs, trials.x}},
          {"y", {outputs, trials.y}},
          {"mask", {outputs, trials.mask}},
          {"params", {{}, parameters_to_json(task, trials.parameters).dump()}}};
}

Trials read_trials(const ArrayFile& file, bool targets, int N_out) {
  const std::string place = file.name() + ": ";
  Trials trials;
  const Array x = file.get("x");
  trials.x = to_floats(x, place + "x");
  const Shape inputs = checked_shape(x, place + "x", "(trials, steps, channels)");
  trials.count = static_cast<int>(inputs[0]);
  trials.N_steps = static_cast<int>(inputs[1]);
  trials.N_in = static_cast<int>(inputs[2]);
  trials.N_out = N_out;
  for (const char* key : {"y", "mask"}) {
    if (!targets && !file.find(key)) continue;
    const Array array = file.get(key);
    if (trials.N_out == 0)
      trials.N_out = static_cast<int>(checked_shape(array, place + key, "(trials, steps, channels)")[2]);
    (key[0] == 'y' ? trials.y : trials.mask) =
        to_floats(array, shape_of({trials.count, trials.N_steps, trials.N_out}), place + key);
  }
  if (targets) demand_answers(trials.mask, place + "mask");
  if (const auto noise = file.find("noise")) {
    const std::size_t units = checked_shape(*noise, place + "noise", "(steps, trials, units)")[2];
    trials.noise = to_floats(*noise, {inputs[1], inputs[0], units}, place + "noise");
  }
  return trials;
}

TrialArrays arrays_of(Trials trials) {
  return {trials.count,        trials.N_steps,      trials.N_in,           trials.N_out,
          std::move(trials.x), std::move(trials.y), std::move(trials.mask)};
}

void check_fit(const Trials& trials, const Network& network, const std::string& name) {
  const auto check = [&](const char* key, const char* what, int wanted, std::size_t values) {
    const auto found = static_cast<int>(values / static_cast<std::size_t>(trials.count) /
                                        static_cast<std::size_t>(trials.N_steps));
    if (values == 0 || found == wanted) return;
    const std::string place = name + ": " + key;
    throw Failure({"wrong_shape", place,
                   place + " has " + std::to_string(found) + " " + what + "; the network has " +
                       std::to_string(wanted) + ".",
                   ""});
  };
  check("x", "input channels", network.N_in(), trials.x.size());
  check("y", "output channels", network.N_out(), trials.y.size());
  check("mask", "output channels", network.N_out(), trials.mask.size());
  check("noise", "units", network.N_rec(), trials.noise.size());
}

}  // namespace nullcline
