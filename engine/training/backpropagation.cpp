#include "engine/training/backpropagation.h"

#include <cmath>

namespace nullcline {

namespace {

constexpr double bytes_per_row = trials_per_slice * sizeof(float);

/// What decides where trials are cut, and so the last bits of a penalty's sum (docs/numerics.md): rows of
/// states and outputs, and not those of the inputs.
double kept_rows(const Network& network, const Segments& segments, bool penalises_activity) {
  const double kept = 2.0 + (network.has_noise() ? 1 : 0) + (penalises_activity ? 1 : 0);
  return segments.length * (kept * network.N_rec() + network.more_rows()) +
         (segments.count() - 1) * 2.0 * network.N_rec() + segments.steps * 2.0 * network.N_out();
}

}  // namespace

Segments segments_of(const Network& network, int N_steps, bool penalises_activity, double kept_bytes) {
  const Segments whole{N_steps, std::max(1, N_steps)};
  if (kept_rows(network, whole, penalises_activity) * bytes_per_row <= kept_bytes) return whole;
  const int blocks = ceil_divide(static_cast<int>(std::ceil(std::sqrt(N_steps))), steps_per_block);
  return {N_steps, std::min(N_steps, blocks * steps_per_block)};
}

double workspace_bytes(const Network& network, const Segments& segments, bool penalises_activity) {
  const double series =
      2.0 + (network.has_noise() ? 1 : 0) + (penalises_activity ? 1 : 0) + (network.more_rows() > 0 ? 1 : 0);
  const double paddings = segments.length * series + (segments.count() - 1) * 2.0 + segments.steps * 2.0;
  const double more = 1.0 * segments.length * network.N_in() + paddings * PanelSeries::padding_rows;
  return (kept_rows(network, segments, penalises_activity) + more) * bytes_per_row;
}

namespace {

void fill_noise(const Kernels& kernels, const SliceRun& run, int first, int end, PanelSeries& noise) {
  noise.move_to(first);
  const Purpose purpose = recurrent_noise_purpose(run.address.use);
  for (int panel = 0; panel < noise.panels(); ++panel)
    for (int step = first; step < end; ++step)
      fill_normals(kernels, run.address.seed, purpose, run.address.iteration,
                   static_cast<std::uint32_t>(run.rows().first_trial + panel * panel_width),
                   static_cast<std::uint32_t>(step), noise.rows(), noise.at(panel, step));
}

void add(const PanelSeries& from, int step, PanelSeries& to) {
  for (int panel = 0; panel < to.panels(); ++panel) {
    const float* values = from.at(panel, step);
    float* sums = to.at(panel, 0);
    for (int i = 0; i < to.rows() * panel_width; ++i) sums[i] += values[i];
  }
}

/// Adds what the segment after left for this one's last entry, which stands behind it.
void add_later(int last, PanelSeries& gradient) {
  for (int panel = 0; panel < gradient.panels(); ++panel)
    for (int i = 0; i < gradient.rows() * panel_width; ++i)
      gradient.at(panel, last)[i] += gradient.at(panel, last + 1)[i];
}

void copy(const PanelSeries& from, int step, PanelSeries& to, int place) {
  for (int panel = 0; panel < to.panels(); ++panel)
    std::copy_n(from.at(panel, step), to.rows() * panel_width, to.at(panel, place));
}

}  // namespace

void make_room(const SlicePass& pass) {
  const auto& [network, kernels, run, slice, segments, workspace] = pass;
  const int panels = slice.panels();
  network.resize(workspace.trajectory, panels, segments.length);
  workspace.drive.resize(panels, 1, network.drive_rows());
  workspace.output.resize(panels, segments.steps, network.N_out());
  if (network.has_noise() && run.given_noise == nullptr)
    workspace.noise.resize(panels, segments.length, network.N_rec());
  if (segments.count() == 1) return;
  workspace.first_states.resize(panels, segments.count(), network.N_rec());
  workspace.first_rates.resize(panels, segments.count(), network.N_rec());
}

void begin_segment(const SlicePass& pass, int segment) {
  const auto& [network, kernels, run, slice, segments, workspace] = pass;
  const int first = segments.first(segment);
  Trajectory& trajectory = workspace.trajectory;
  for (PanelSeries* series : {&trajectory.state, &trajectory.rate, &trajectory.more}) series->move_to(first);
  if (segment == 0) {
    network.begin(run.rows(), trajectory);
  } else {
    copy(workspace.first_states, segment, trajectory.state, first);
    copy(workspace.first_rates, segment, trajectory.rate, first);
  }
  if (network.has_noise() && run.given_noise == nullptr)
    fill_noise(kernels, run, first, segments.end(segment), workspace.noise);
}

void forward_steps(const SlicePass& pass, int first, int end) {
  const auto& [network, kernels, run, slice, segments, workspace] = pass;
  const PanelSeries* noise = nullptr;
  if (network.has_noise()) noise = run.given_noise != nullptr ? run.given_noise : &workspace.noise;
  for (int step = first; step < end; ++step)
    network.step(step, slice.x, noise, workspace.drive, workspace.trajectory);
  network.read_out(first, end - first, workspace.trajectory, workspace.output);
}

void end_segment(const SlicePass& pass, int segment) {
  const Segments& segments = pass.segments;
  if (segment + 1 == segments.count()) return;
  const int end = segments.end(segment);
  Workspace& workspace = pass.workspace;
  copy(workspace.trajectory.state, end, workspace.first_states, segment + 1);
  copy(workspace.trajectory.rate, end, workspace.first_rates, segment + 1);
}

void forward_segment(const SlicePass& pass, int segment) {
  begin_segment(pass, segment);
  forward_steps(pass, pass.segments.first(segment), pass.segments.end(segment));
  end_segment(pass, segment);
}

void begin_backward(const SlicePass& pass) {
  Adjoint& adjoint = pass.workspace.adjoint;
  pass.network.resize(adjoint, pass.slice.panels());
  adjoint.rate.fill(0);
  adjoint.state.fill(0);
  pass.network.adjoint_read_out(pass.segments.steps - 1, pass.workspace.output_gradient, adjoint);
}

namespace {

/// One step back: ∂loss/∂rate at the entry before `step`, with what its output adds. No output sees entry 0.
void backward_step(const SlicePass& pass, int step, int slot) {
  const Network& network = pass.network;
  Adjoint& adjoint = pass.workspace.adjoint;
  const PanelSeries& output_gradient = pass.workspace.output_gradient;
  if (!network.adds_read_out()) {
    network.adjoint_step(step, pass.workspace.trajectory, slot, adjoint);
    if (step > 0) network.adjoint_read_out(step - 1, output_gradient, adjoint);
    return;
  }
  if (step > 0)
    place_below(output_gradient, step - 1, adjoint.drive, slot);
  else
    for (int panel = 0; panel < adjoint.drive.panels(); ++panel)
      std::fill_n(adjoint.drive.below(panel, slot), network.N_out() * panel_width, 0.0f);
  network.adjoint_step(step, pass.workspace.trajectory, slot, adjoint);
}

}  // namespace

void backward_segment(const SlicePass& pass, int segment, bool penalises_activity, float* gradient) {
  const auto& [network, kernels, run, slice, segments, workspace] = pass;
  Adjoint& adjoint = workspace.adjoint;
  const int start = segments.first(segment), end = segments.end(segment);
  if (penalises_activity && segment + 1 < segments.count()) add_later(end, workspace.rate_gradient);
  const int last_block = start + (end - start - 1) / steps_per_block * steps_per_block;
  for (int first = last_block; first >= start; first -= steps_per_block) {
    const int length = std::min(steps_per_block, end - first);
    for (int slot = length - 1; slot >= 0; --slot) {
      if (penalises_activity) add(workspace.rate_gradient, first + slot + 1, adjoint.rate);
      backward_step(pass, first + slot, slot);
    }
    network.accumulate(first, length, slice.x, workspace.trajectory, adjoint, gradient);
    network.accumulate_read_out(first, length, workspace.trajectory, workspace.output_gradient, gradient);
  }
}

void end_backward(const SlicePass& pass, float* gradient) {
  pass.network.accumulate_begin(pass.run.rows(), pass.workspace.trajectory, pass.workspace.adjoint, gradient);
}

void begin_rate_gradient(const SlicePass& pass, int segment) {
  PanelSeries& gradient = pass.workspace.rate_gradient;
  const Segments& segments = pass.segments;
  const int length = segments.length;
  if (segment + 1 == segments.count()) {
    gradient.resize(pass.slice.panels(), length + 2, pass.network.N_rec());
    gradient.fill(0);
  } else {
    // Added when the penalties have been here, as in a trial that is whole.
    gradient.move_to(0);
    copy(gradient, 0, gradient, length + 1);
    for (int panel = 0; panel < gradient.panels(); ++panel)
      std::fill(gradient.at(panel, 0), gradient.at(panel, length + 1), 0.0f);
  }
  gradient.move_to(segments.first(segment));
}

}  // namespace nullcline
