#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/networks/network.h"
#include "engine/tasks/batch.h"
#include "engine/training/loss.h"

namespace nullcline {

/// A trial's steps in segments, of which one at a time is in memory. The forward pass keeps the entry that
/// each begins with, and the way back computes the rest again (Chen, Xu, Zhang & Guestrin 2016, "Training
/// deep nets with sublinear memory cost").
struct Segments {
  /// Of the trial.
  int steps = 1;
  /// Of each segment but the last: whole blocks of steps, so that sums over blocks stay the same.
  int length = 1;

  int count() const { return ceil_divide(steps, length); }
  int first(int segment) const { return segment * length; }
  int end(int segment) const { return std::min(first(segment) + length, steps); }
};

/// Most bytes that one thread keeps of a slice before its trials are cut into segments.
constexpr double most_kept_bytes = 128e6;

/// One segment where its trajectory takes at most `kept_bytes`; else about √steps of them, for which memory
/// is least. It depends on the experiment alone, so that a run is the same on every machine.
Segments segments_of(const Network& network, int N_steps, bool penalises_activity,
                     double kept_bytes = most_kept_bytes);

/// Everything that one thread needs to run a slice of trials forward and back; made once, used for every
/// slice.
struct Workspace {
  Trajectory trajectory;
  /// State and rate of the entry that each segment begins with, one step a segment.
  PanelSeries first_states;
  PanelSeries first_rates;
  PanelSeries drive;
  PanelSeries noise;
  PanelSeries output;
  PanelSeries output_gradient;
  /// ∂penalty/∂rate of the segment's entries; used where activity is penalised.
  PanelSeries rate_gradient;
  Adjoint adjoint;
};

/// Bytes that a workspace takes.
double workspace_bytes(const Network& network, const Segments& segments, bool penalises_activity);

/// How a slice is run.
struct SliceRun {
  BatchAddress address;
  int slice = 0;
  /// Standard normals, N_rec rows, for the recurrent noise; null: the noise addressed by `address`.
  const PanelSeries* given_noise = nullptr;
  bool outside_training = false;

  Rows rows() const { return {slice * trials_per_slice, outside_training}; }
};

/// A slice on its way through a network, forward and back.
struct SlicePass {
  const Network& network;
  const Kernels& kernels;
  SliceRun run;
  const TrialSlice& slice;
  Segments segments;
  Workspace& workspace;
};

void make_room(const SlicePass& pass);
/// Runs one segment forward, after those before it; then its entries are in the workspace's trajectory, and
/// its outputs beside those of the others. It can be run again at any time, to the same bits.
void forward_segment(const SlicePass& pass, int segment);

/// The parts of `forward_segment`, for those who change the network on the way: the state that it begins
/// with, the steps [first, end) with their outputs, and the state that the next one begins with.
void begin_segment(const SlicePass& pass, int segment);
void forward_steps(const SlicePass& pass, int first, int end);
void end_segment(const SlicePass& pass, int segment);

/// Back-propagation through time: room and the last output's gradient, one segment after the other from the
/// last, and the initial state. The workspace's `output_gradient` holds ∂loss/∂output, and with
/// `penalises_activity` its `rate_gradient` what comes to the rates besides. Adds ∂loss/∂(effective weights)
/// to `gradient`, block by block from the last, in the order of docs/numerics.md.
void begin_backward(const SlicePass& pass);
void backward_segment(const SlicePass& pass, int segment, bool penalises_activity, float* gradient);
void end_backward(const SlicePass& pass, float* gradient);

/// Room for ∂penalty/∂rate of a segment, all zero but what the segment after it left for its last entry.
void begin_rate_gradient(const SlicePass& pass, int segment);

}  // namespace nullcline
