#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/networks/network.h"

namespace nullcline {

/// A stretch of time [from, to) in ms.
struct Window {
  double from;
  double to;
};

/// Connections that are taken away while a network is simulated. At a step, a silenced unit reaches neither
/// other units nor the outputs, while its own state goes on; W_rec is multiplied by the connectivity.
struct Lesion {
  /// N_rec × N_rec for all steps, or steps × N_rec × N_rec; empty: W_rec is whole.
  std::vector<float> connectivity;
  bool changes_in_time = false;
  std::vector<int> units;
  /// When the units are silenced; always where there is none.
  std::optional<Window> window;

  bool is_empty() const { return connectivity.empty() && units.empty(); }
};

/// Throws a Failure that begins with `name` where the lesion does not fit the network or the steps.
void check_lesion(const Lesion& lesion, const Network& network, int N_steps, const std::string& name);

/// The steps from `first` on, below N_steps, in which the lesion is the same as at `first`.
int steps_alike(const Lesion& lesion, int N_rec, int first, int N_steps, double dt);

/// The effective weights as the lesion leaves them at a step.
void apply_lesion(const Lesion& lesion, const Network& network, int step, double dt,
                  const FloatBuffer& effective, FloatBuffer& lesioned);

}  // namespace nullcline
