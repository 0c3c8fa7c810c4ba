#include "engine/training/backpropagation.h"

#include <algorithm>

namespace nullcline {

double workspace_bytes(const Network& network, int N_steps) {
  const double rows = (network.has_noise() ? 3.0 : 2.0) * network.N_rec() + 2.0 * network.N_out();
  return rows * N_steps * trials_per_slice * sizeof(float);
}

namespace {

void fill_noise(const Kernels& kernels, const BatchAddress& address, int slice_number, PanelSeries& noise) {
  const Purpose purpose = address.test ? Purpose::test_recurrent_noise : Purpose::recurrent_noise;
  for (int panel = 0; panel < noise.panels(); ++panel)
    for (int step = 0; step < noise.steps(); ++step)
      fill_normals(kernels, address.seed, purpose, address.iteration,
                   static_cast<std::uint32_t>(slice_number * trials_per_slice + panel * panel_width),
                   static_cast<std::uint32_t>(step), noise.rows(), noise.at(panel, step));
}

}  // namespace

void forward(const Network& network, const Kernels& kernels, const BatchAddress& address, int slice_number,
             const TrialSlice& slice, const PanelSeries* given_noise, Workspace& workspace) {
  const int panels = slice.panels(), steps = slice.x.steps();
  network.resize(workspace.trajectory, panels, steps);
  workspace.drive.resize(panels, 1, network.N_rec());
  workspace.output.resize(panels, steps, network.N_out());
  const PanelSeries* noise = nullptr;
  if (network.has_noise()) {
    noise = given_noise;
    if (noise == nullptr) {
      workspace.noise.resize(panels, steps, network.N_rec());
      fill_noise(kernels, address, slice_number, workspace.noise);
      noise = &workspace.noise;
    }
  }
  network.begin(workspace.trajectory);
  for (int step = 0; step < steps; ++step)
    network.step(step, slice.x, noise, workspace.drive, workspace.trajectory);
  network.read_out(workspace.trajectory, workspace.output);
}

void backward(const Network& network, const TrialSlice& slice, Workspace& workspace, float* gradient) {
  const int steps = slice.x.steps();
  Adjoint& adjoint = workspace.adjoint;
  network.resize(adjoint, slice.panels());
  adjoint.rate.fill(0);
  adjoint.state.fill(0);
  const int last_block = (steps - 1) / steps_per_block * steps_per_block;
  for (int first = last_block; first >= 0; first -= steps_per_block) {
    const int length = std::min(steps_per_block, steps - first);
    for (int slot = length - 1; slot >= 0; --slot) {
      network.adjoint_read_out(first + slot, workspace.output_gradient, adjoint);
      network.adjoint_step(first + slot, workspace.trajectory, slot, adjoint);
    }
    network.accumulate(first, length, slice.x, workspace.trajectory, adjoint, gradient);
    network.accumulate_read_out(first, length, workspace.trajectory, workspace.output_gradient, gradient);
  }
  network.accumulate_begin(workspace.trajectory, adjoint, gradient);
}

}  // namespace nullcline
