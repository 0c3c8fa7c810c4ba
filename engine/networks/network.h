#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/math/kernels.h"
#include "engine/math/panels.h"
#include "engine/networks/constraints.h"
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
  /// False when training leaves it as it is.
  bool trainable = true;
  WeightConstraint constraint = {};
  /// True for initial states of which the trials of a batch may have one each.
  bool is_row_a_trial = false;

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
  Variable& operator[](std::size_t number) { return variables_[number]; }
  /// The variable of that name; null when there is none.
  const Variable* find(const std::string& name) const;
  std::size_t size() const { return size_; }

 private:
  std::size_t add(Variable variable);
  std::vector<Variable> variables_;
  std::size_t size_ = 0;
};

/// What the forward pass keeps of a slice: one entry a step and one more before the first, the initial state.
/// A step goes on from `state` and `rate` of the entry before it, from nothing else.
struct Trajectory {
  /// State of the units (before the transfer function), N_rec rows.
  PanelSeries state;
  /// Firing rates, N_rec rows: what the readout sees. There is room for the inputs, N_in rows, below them.
  PanelSeries rate;
  /// What else the adjoint of a network's step needs; unused by most.
  PanelSeries more;
};

/// Working memory of the adjoint pass through one slice.
struct Adjoint {
  /// ∂loss/∂rate at the entry at hand, all of it that comes from later steps; N_rec rows, one step.
  PanelSeries rate;
  /// ∂loss/∂state at the entry after it; N_rec rows, one step.
  PanelSeries state;
  /// ∂loss/∂drive of one block of steps; as many rows as the network's drive has. Below them stands
  /// ∂loss/∂output of the step before, N_out rows.
  PanelSeries drive;
};

/// Which trials a slice holds, for networks whose initial state is that of the trial's place in the batch.
struct Rows {
  /// Number of the slice's first trial in its batch.
  int first_trial = 0;
  /// Outside training every trial starts as the batch's first one.
  bool outside_training = false;
};

/// The three groups of connections that penalties speak of.
enum class Connections { input, recurrent, output };

/// A recurrent network: a cell with a linear readout, output = W_out · rate + b_out.
/// Its step and the adjoint of its step are written side by side; everything over time is written once,
/// elsewhere.
class Network {
 public:
  virtual ~Network() = default;
  Network& operator=(const Network&) = delete;
  /// A network of the same kind and weights, to be given other ones.
  virtual std::unique_ptr<Network> clone() const = 0;

  int N_in() const { return N_in_; }
  int N_rec() const { return N_rec_; }
  int N_out() const { return N_out_; }
  const ParameterLayout& layout() const { return layout_; }

  /// Draws the initial raw weights into `raw` (layout().size() floats). Returns what the user should be told,
  /// in sentences.
  virtual std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed,
                                              float* raw) const = 0;

  /// Makes the network use these raw weights from here on.
  void load(const Kernels& kernels, const float* raw);
  /// The same for effective weights.
  void load_effective(const Kernels& kernels, const float* effective_weights);

  /// The weights that the forward pass uses (masked, signed by Dale's law), from the raw ones that training
  /// changes.
  void effective(const float* raw, float* effective_weights) const;
  /// Those that were loaded last.
  const FloatBuffer& effective_weights() const { return effective_; }
  /// Turns ∂loss/∂effective into ∂loss/∂raw in place.
  void adjoint_effective(const float* raw, float* gradient) const;
  /// Share of excitatory units under Dale's law.
  std::optional<double> dale_ratio() const { return dale_ratio_; }

  /// Where in the block of parameters the weights of those connections are.
  virtual std::vector<std::span<const float>> connections(Connections which, const float* weights) const;
  /// Takes a unit's connections to other units and to the outputs away, in effective weights.
  virtual void silence(int unit, float* effective_weights) const;
  /// Whether one matrix N_rec × N_rec connects the units.
  virtual bool has_recurrent_matrix() const { return layout_.find("W_rec") != nullptr; }
  /// Multiplies that matrix by another one, element by element, in effective weights.
  virtual void mask_recurrent(const float* connectivity, float* effective_weights) const;

  /// Makes room for `steps` steps of `panels` panels.
  void resize(Trajectory& trajectory, int panels, int steps) const;
  void resize(Adjoint& adjoint, int panels) const;
  /// Rows of the sum of inputs that a step computes.
  virtual int drive_rows() const { return N_rec_; }
  /// Rows of `Trajectory::more`.
  virtual int more_rows() const { return 0; }
  /// What users know as the state of the units.
  virtual const PanelSeries& state(const Trajectory& trajectory) const { return trajectory.state; }
  /// What makes the penalised activity of the rates that the readout sees; the rates themselves as a rule.
  virtual TransferFunction penalised_rate() const { return TransferFunction::identity; }

  /// Writes entry 0 of the trajectory: the initial state.
  virtual void begin(Rows rows, Trajectory& trajectory) const = 0;

  /// True when the states are noisy, so that `step` needs standard normals.
  virtual bool has_noise() const = 0;

  /// Entry `step + 1` of the trajectory from entry `step`, the input and the noise (standard normals, N_rec
  /// rows; null when there is none) at `step`. `drive` is room for `drive_rows()` rows of one step.
  virtual void step(int step, const PanelSeries& x, const PanelSeries* noise, PanelSeries& drive,
                    Trajectory& trajectory) const = 0;

  /// The adjoint of `step`. On entry `adjoint.rate` holds ∂loss/∂rate of entry `step + 1` and `adjoint.state`
  /// what comes to its state from later ones; on exit the same for entry `step`, but for what its output
  /// adds, and ∂loss/∂drive stands in `adjoint.drive` at `slot`.
  virtual void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const = 0;
  /// True where `adjoint_step` also adds W_outᵀ times the rows below ∂loss/∂drive, which are filled before
  /// (with zeros at step 0, which no output sees); otherwise `adjoint_read_out` is called after it.
  virtual bool adds_read_out() const { return false; }

  /// Adds to `gradient` the contributions of the steps [first, first + steps), whose ∂loss/∂drive stand in
  /// `adjoint.drive`.
  virtual void accumulate(int first, int steps, const PanelSeries& x, const Trajectory& trajectory,
                          const Adjoint& adjoint, float* gradient) const = 0;

  /// Adds the gradient of the initial state, after the adjoint of step 0.
  virtual void accumulate_begin(Rows rows, const Trajectory& trajectory, Adjoint& adjoint,
                                float* gradient) const = 0;

  /// Outputs of the steps [first, first + steps): output[step] = W_out · rate of entry step + 1, + b_out.
  void read_out(int first, int steps, const Trajectory& trajectory, PanelSeries& output) const;
  /// adjoint.rate += W_outᵀ · ∂loss/∂output at `step`.
  void adjoint_read_out(int step, const PanelSeries& output_gradient, Adjoint& adjoint) const;
  void accumulate_read_out(int first, int steps, const Trajectory& trajectory,
                           const PanelSeries& output_gradient, float* gradient) const;

 protected:
  Network(int N_in, int N_rec, int N_out) : N_in_(N_in), N_rec_(N_rec), N_out_(N_out) {}
  Network(const Network&) = default;
  /// Adds W_out and b_out to the layout, where the derived class calls this; the number of W_out.
  std::size_t add_read_out_weights();
  void add_read_out_bias();
  /// Called by `load` with the effective weights.
  virtual void pack(const float* effective_weights) = 0;

  const Kernels& kernels() const { return *kernels_; }
  /// A variable in a block of parameters.
  MatrixView matrix(std::size_t number, const float* weights) const;
  MatrixView W_out(const float* weights) const { return matrix(W_out_, weights); }
  /// Sets what training may not change, from fields `<name>_train` of the document where there are any.
  void set_trainable(const Json& parameters);
  ParameterLayout layout_;
  std::optional<double> dale_ratio_;

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

/// Fields `<name>_train`: whether training changes a variable.
std::vector<Field> trainable_fields(const std::vector<std::string>& variables);

/// Writes `values[row]` into all eight lanes of each row.
void fill_rows(const float* values, int rows, float* panel);

/// A registry entry: the name in the document, the description, and the maker.
struct NetworkType {
  std::string name;
  Json schema;
  std::unique_ptr<Network> (*create)(const Json& parameters, const Task& task, const Context& context);
};

/// All networks, in the order in which forms list them.
const std::vector<NetworkType>& network_types();
/// Adds one; to be called before experiments are made. Throws a Failure when the name is taken.
void register_network(NetworkType type);

}  // namespace nullcline
