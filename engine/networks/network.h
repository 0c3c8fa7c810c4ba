#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/math/kernels.h"
#include "engine/math/panels.h"
#include "engine/tasks/task.h"

namespace nullcline {

/// A named matrix in the block of parameters (rows × columns, row-major, to × from). A bias is a vector: rows
/// × 1.
struct Variable {
  std::string name;
  int rows;
  int columns;
  bool is_vector;
  std::size_t offset;

  std::size_t size() const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }
};

/// Where each variable stands in the one flat block of parameters; gradients and optimiser state have the
/// same layout.
class ParameterLayout {
 public:
  /// Each appends a variable and returns its number.
  std::size_t add_matrix(std::string name, int rows, int columns);
  std::size_t add_vector(std::string name, int rows);
  const std::vector<Variable>& variables() const { return variables_; }
  const Variable& operator[](std::size_t number) const { return variables_[number]; }
  /// The variable of that name; null when there is none.
  const Variable* find(const std::string& name) const;
  std::size_t size() const { return size_; }

 private:
  std::size_t add(Variable variable);
  std::vector<Variable> variables_;
  std::size_t size_ = 0;
};

/// What the forward pass keeps of a slice: one entry a step and one more before the first, the initial state.
struct Trajectory {
  /// State of the units (before the transfer function), N_rec rows.
  PanelSeries state;
  /// Firing rates, N_rec rows: what the readout sees.
  PanelSeries rate;
};

/// Working memory of the adjoint pass through one slice.
struct Adjoint {
  /// ∂loss/∂rate at the entry at hand, all of it that comes from later steps; N_rec rows, one step.
  PanelSeries rate;
  /// ∂loss/∂state at the entry after it; N_rec rows, one step.
  PanelSeries state;
  /// ∂loss/∂drive of one block of steps; N_rec rows.
  PanelSeries drive;
};

/// A recurrent network: a cell with a linear readout, output = W_out · rate + b_out.
/// Its step and the adjoint of its step are written side by side; everything over time is written once,
/// elsewhere.
class Network {
 public:
  virtual ~Network() = default;

  int N_in() const { return N_in_; }
  int N_rec() const { return N_rec_; }
  int N_out() const { return N_out_; }
  const ParameterLayout& layout() const { return layout_; }

  /// Draws the initial raw weights into `raw` (layout().size() floats).
  virtual void initialize(const Kernels& kernels, std::uint32_t seed, float* raw) const = 0;

  /// Makes the network use these raw weights from here on.
  void load(const Kernels& kernels, const float* raw);

  /// The weights that the forward pass uses, from the raw ones that training changes.
  virtual void effective(const float* raw, float* effective_weights) const = 0;

  /// Makes room for `steps` steps of `panels` panels.
  void resize(Trajectory& trajectory, int panels, int steps) const;
  void resize(Adjoint& adjoint, int panels) const;

  /// Writes entry 0 of the trajectory: the initial state, the same for every trial.
  virtual void begin(Trajectory& trajectory) const = 0;

  /// True when the states are noisy, so that `step` needs standard normals.
  virtual bool has_noise() const = 0;

  /// Entry `step + 1` of the trajectory from entry `step`, the input and the noise (standard normals, N_rec
  /// rows; null when there is none) at `step`. `drive` is room for N_rec rows of one step.
  virtual void step(int step, const PanelSeries& x, const PanelSeries* noise, PanelSeries& drive,
                    Trajectory& trajectory) const = 0;

  /// The adjoint of `step`. On entry `adjoint.rate` holds ∂loss/∂rate of entry `step + 1` and `adjoint.state`
  /// what comes to its state from later ones; on exit the same for entry `step`, and ∂loss/∂drive stands in
  /// `adjoint.drive` at `slot`.
  virtual void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const = 0;

  /// Adds to `gradient` the contributions of the steps [first, first + steps), whose ∂loss/∂drive stand in
  /// `adjoint.drive`.
  virtual void accumulate(int first, int steps, const PanelSeries& x, const Trajectory& trajectory,
                          const Adjoint& adjoint, float* gradient) const = 0;

  /// Adds the gradient of the initial state, after the adjoint of step 0.
  virtual void accumulate_begin(const Trajectory& trajectory, Adjoint& adjoint, float* gradient) const = 0;

  /// Outputs of all steps: output[step] = W_out · rate of entry step + 1, + b_out.
  void read_out(const Trajectory& trajectory, PanelSeries& output) const;
  /// adjoint.rate += W_outᵀ · ∂loss/∂output at `step`.
  void adjoint_read_out(int step, const PanelSeries& output_gradient, Adjoint& adjoint) const;
  void accumulate_read_out(int first, int steps, const Trajectory& trajectory,
                           const PanelSeries& output_gradient, float* gradient) const;

 protected:
  Network(int N_in, int N_rec, int N_out) : N_in_(N_in), N_rec_(N_rec), N_out_(N_out) {}
  /// Adds W_out and b_out to the layout; they stand where the derived class calls this.
  void add_read_out_weights();
  void add_read_out_bias();
  /// Called by `load` with the effective weights.
  virtual void pack(const float* effective_weights) = 0;

  const Kernels& kernels() const { return *kernels_; }
  ParameterLayout layout_;

 private:
  int N_in_;
  int N_rec_;
  int N_out_;
  const Kernels* kernels_ = nullptr;
  std::size_t W_out_ = 0;
  std::size_t b_out_ = 0;
  PackedMatrix packed_W_out_;
  PackedMatrix packed_W_out_transposed_;
  FloatBuffer output_bias_;
  FloatBuffer effective_;
};

/// Writes `values[row]` into all eight lanes of each row.
void fill_rows(const float* values, int rows, float* panel);

/// A registry entry: the name in the document, the description, and the maker.
struct NetworkType {
  std::string name;
  Json schema;
  std::unique_ptr<Network> (*create)(const Json& parameters, const Task& task, Conventions conventions);
};

/// All networks, in the order in which forms list them.
const std::vector<NetworkType>& network_types();

}  // namespace nullcline
