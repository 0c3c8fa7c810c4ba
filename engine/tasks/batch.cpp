#include "engine/tasks/batch.h"

#include <algorithm>

namespace nullcline {

void TrialSlice::resize(int trials, int N_steps, int N_in, int N_out) {
  count = trials;
  x.resize(panels(), N_steps, N_in);
  y.resize(panels(), N_steps, N_out);
  mask.resize(panels(), N_steps, N_out);
  parameters.resize(static_cast<std::size_t>(trials));
}

void Batch::resize(int trials, const Task& task) {
  count = trials;
  slices.resize(static_cast<std::size_t>(slices_for(trials)));
  for (std::size_t s = 0; s < slices.size(); ++s) {
    const int first = static_cast<int>(s) * trials_per_slice;
    slices[s].resize(std::min(trials_per_slice, trials - first), task.N_steps(), task.N_in(), task.N_out());
  }
}

Purpose parameters_purpose(TrialsFor use) {
  constexpr Purpose purposes[] = {Purpose::trial_parameters, Purpose::test_trial_parameters,
                                  Purpose::measure_trial_parameters};
  return purposes[static_cast<std::size_t>(use)];
}

Purpose stimulus_noise_purpose(TrialsFor use) {
  constexpr Purpose purposes[] = {Purpose::stimulus_noise, Purpose::test_stimulus_noise,
                                  Purpose::measure_stimulus_noise};
  return purposes[static_cast<std::size_t>(use)];
}

Purpose recurrent_noise_purpose(TrialsFor use) {
  constexpr Purpose purposes[] = {Purpose::recurrent_noise, Purpose::test_recurrent_noise,
                                  Purpose::measure_recurrent_noise};
  return purposes[static_cast<std::size_t>(use)];
}

void draw_slice(const Task& task, const Kernels& kernels, const BatchAddress& address, int slice,
                TrialSlice& out) {
  const Purpose purpose = parameters_purpose(address.use);
  for (int trial = 0; trial < out.count; ++trial) {
    Draws draws(address.seed, purpose, address.iteration,
                static_cast<std::uint32_t>(slice * trials_per_slice + trial));
    out.parameters[static_cast<std::size_t>(trial)] = task.draw(draws);
  }
  make_slice(task, kernels, address, slice, /*noise=*/true, out);
}

namespace {

/// Adds the stimulus noise of one panel's trials; `deviations` of the lanes beyond them are zero.
void add_noise(const Kernels& kernels, const BatchAddress& address, int first_trial,
               const float (&deviations)[panel_width], int panel, PanelSeries& x) {
  const Purpose purpose = stimulus_noise_purpose(address.use);
  FloatBuffer normals(static_cast<std::size_t>(x.rows()) * panel_width);
  for (int step = 0; step < x.steps(); ++step) {
    fill_normals(kernels, address.seed, purpose, address.iteration, static_cast<std::uint32_t>(first_trial),
                 static_cast<std::uint32_t>(step), x.rows(), normals.data());
    const float* noise = normals.data();
    float* values = x.at(panel, step);
    for (int row = 0; row < x.rows(); ++row, noise += panel_width, values += panel_width)
      for (int lane = 0; lane < panel_width; ++lane) values[lane] += deviations[lane] * noise[lane];
  }
}

/// Writes one trial's input, target and mask into its lane.
void write_trial(const Task& task, const TrialParameters& parameters, int trial, TrialSlice& out,
                 std::vector<double>& values) {
  const int N_in = task.N_in(), N_out = task.N_out();
  const int panel = trial / panel_width, lane = trial % panel_width;
  values.resize(static_cast<std::size_t>(N_in + 2 * N_out));
  const Moment moment{values.data(), values.data() + N_in, values.data() + N_in + N_out};
  const auto write = [lane](const double* from, int rows, float* to) {
    for (int row = 0; row < rows; ++row) to[row * panel_width + lane] = static_cast<float>(from[row]);
  };
  for (int step = 0; step < task.N_steps(); ++step) {
    std::fill(values.begin(), values.end(), 0.0);
    task.at(step, parameters, moment);
    write(moment.x, N_in, out.x.at(panel, step));
    write(moment.y, N_out, out.y.at(panel, step));
    write(moment.mask, N_out, out.mask.at(panel, step));
  }
}

}  // namespace

void make_slice(const Task& task, const Kernels& kernels, const BatchAddress& address, int slice, bool noise,
                TrialSlice& out) {
  if (out.count % panel_width != 0) {
    out.x.fill(0);
    out.y.fill(0);
    out.mask.fill(0);
  }
  std::vector<double> scratch;
  for (int trial = 0; trial < out.count; ++trial)
    write_trial(task, out.parameters[static_cast<std::size_t>(trial)], trial, out, scratch);
  if (!noise) return;
  for (int panel = 0; panel < out.panels(); ++panel) {
    const int first = panel * panel_width;
    const int trials = std::min(panel_width, out.count - first);
    float deviations[panel_width] = {};
    for (int lane = 0; lane < trials; ++lane)
      deviations[lane] =
          static_cast<float>(task.noise_deviation(out.parameters[static_cast<std::size_t>(first + lane)]));
    if (std::all_of(deviations, deviations + trials, [](float value) { return value == 0; })) continue;
    add_noise(kernels, address, slice * trials_per_slice + first, deviations, panel, out.x);
  }
}

}  // namespace nullcline
