#include <algorithm>
#include <array>

#include "engine/experiment/schema.h"
#include "engine/math/random.h"
#include "engine/networks/initializer.h"
#include "engine/networks/registry.h"
#include "engine/networks/transfer_function.h"

namespace nullcline {

namespace {

/// The gates in the order in which they stand in the drive; the candidate is counted among them.
enum Gate { forget, input, candidate, output, gates };
constexpr std::array<const char*, gates> gate_names = {"f", "i", "c", "o"};

/// Numbers of the random matrices, after those of the initializers; part of the numerics contract.
enum LstmMatrix : std::uint32_t { random_gate = 16, random_hidden = 24, random_cell };
constexpr float deviation = .1f;

/// Long short-term memory (Hochreiter & Schmidhuber 1997; with forget gates, Gers et al. 2000), z = [hidden,
/// x]:
///   f, i, o = σ(z W + b),  c̃ = tanh(z W_c + b_c),  cell' = f ∘ cell + i ∘ c̃,  hidden' = o ∘ tanh(cell')
///   output = W_out hidden' + b_out
/// PsychRNN's code has σ(cell') in place of tanh(cell'), an initial state for each trial of the batch, and
/// keeps the continuous-time network's weights, which penalties act on and nothing else. Trajectory: `state`
/// is the cell, `rate` the hidden state, `more` the gates and the squashed cell.
class Lstm final : public Network {
 public:
  Lstm(const Json& parameters, const Task& task, const Context& context)
      : Network(task.N_in(), parameters["N_rec"].get<int>(), task.N_out()),
        is_psychrnn_(context.conventions == Conventions::psychrnn),
        penalised_(transfer_function_of(parameters)) {
    const int N = N_rec();
    if (is_psychrnn_) {
      layout_.add_matrix("W_in", N, N_in());
      layout_.add_matrix("W_rec", N, N);
    }
    add_read_out_weights();
    if (is_psychrnn_) layout_.add_vector("b_rec", N);
    add_read_out_bias();
    if (is_psychrnn_) layout_.add_matrix("init_state", 1, N);
    initial_rows_ = is_psychrnn_ ? task.N_batch() : 1;
    init_hidden_ = layout_.add_matrix("init_hidden", initial_rows_, N);
    init_cell_ = layout_.add_matrix("init_cell", initial_rows_, N);
    layout_[init_hidden_].is_row_a_trial = layout_[init_cell_].is_row_a_trial = true;
    for (std::size_t gate = 0; gate < gates; ++gate)
      W_[gate] = layout_.add_matrix(std::string("W_") + gate_names[gate], N + N_in(), N);
    for (std::size_t gate = 0; gate < gates; ++gate)
      b_[gate] = layout_.add_vector(std::string("b_") + gate_names[gate], N);
    set_trainable(parameters);
  }

  std::unique_ptr<Network> clone() const override { return std::make_unique<Lstm>(*this); }

  std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed, float* raw) const override {
    std::fill_n(raw, layout_.size(), 0.0f);
    const auto draw = [&](std::size_t number, std::uint32_t matrix, float scale) {
      const Variable& variable = layout_[number];
      fill_normal_matrix(kernels, seed, matrix, variable.rows, variable.columns, raw + variable.offset);
      for (std::size_t i = 0; i < variable.size(); ++i) raw[variable.offset + i] *= scale;
    };
    for (std::size_t gate = 0; gate < gates; ++gate) {
      draw(W_[gate], random_gate + static_cast<std::uint32_t>(gate), deviation);
      // A forget gate that begins open lets gradients through (Jozefowicz, Zaremba & Sutskever 2015).
      const float bias = is_psychrnn_ || gate == forget ? 1.0f : 0.0f;
      std::fill_n(raw + layout_[b_[gate]].offset, N_rec(), bias);
    }
    draw(init_hidden_, random_hidden, deviation);
    draw(init_cell_, random_cell, deviation);
    draw_read_out(kernels, seed, raw);
    return {};
  }

  int drive_rows() const override { return gates * N_rec(); }
  int more_rows() const override { return (gates + 1) * N_rec(); }
  const PanelSeries& state(const Trajectory& trajectory) const override { return trajectory.rate; }
  TransferFunction penalised_rate() const override { return penalised_; }

  void begin(Rows rows, Trajectory& trajectory) const override {
    for (int panel = 0; panel < trajectory.state.panels(); ++panel)
      for (int lane = 0; lane < panel_width; ++lane) {
        const auto row = static_cast<std::ptrdiff_t>(initial_row(rows, panel * panel_width + lane)) * N_rec();
        for (int unit = 0; unit < N_rec(); ++unit) {
          trajectory.rate.at(panel, 0)[unit * panel_width + lane] =
              hidden_[static_cast<std::size_t>(row + unit)];
          trajectory.state.at(panel, 0)[unit * panel_width + lane] =
              cell_[static_cast<std::size_t>(row + unit)];
        }
      }
  }

  bool has_noise() const override { return false; }

  void step(int step, const PanelSeries& x, const PanelSeries*, PanelSeries& drive,
            Trajectory& trajectory) const override {
    const int panels = drive.panels();
    place_below(x, step, trajectory.rate, step);
    kernels().multiply(weights_.data(), drive_rows(), N_rec() + N_in(),
                       {trajectory.rate.at(0, step), trajectory.rate.panel_stride()}, bias_.data(),
                       {drive.at(0, 0), drive.panel_stride()}, panels);
    for (int panel = 0; panel < panels; ++panel) step_panel(step, panel, drive.at(panel, 0), trajectory);
  }

  bool adds_read_out() const override { return true; }

  void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const override {
    const int panels = adjoint.rate.panels();
    for (int panel = 0; panel < panels; ++panel) adjoint_panel(step, panel, trajectory, slot, adjoint);
    kernels().multiply(hidden_weights_and_W_out_transposed_.data(), N_rec(), drive_rows() + N_out(),
                       {adjoint.drive.at(0, slot), adjoint.drive.panel_stride()}, zeros_.data(),
                       {adjoint.rate.at(0, 0), adjoint.rate.panel_stride()}, panels);
  }

  void accumulate(int first, int steps, const PanelSeries& x, const Trajectory& trajectory,
                  const Adjoint& adjoint, float* gradient) const override {
    for (int panel = 0; panel < adjoint.drive.panels(); ++panel)
      for (std::size_t gate = 0; gate < gates; ++gate) {
        const PanelsIn drive{adjoint.drive.at(panel, 0) + gate_offset(gate), adjoint.drive.step_stride()};
        float* weights = gradient + layout_[W_[gate]].offset;
        kernels().accumulate_outer({trajectory.rate.at(panel, first), trajectory.rate.step_stride()}, N_rec(),
                                   drive, N_rec(), steps, weights);
        kernels().accumulate_outer({x.at(panel, first), x.step_stride()}, N_in(), drive, N_rec(), steps,
                                   weights + static_cast<std::ptrdiff_t>(N_rec()) * N_rec());
        kernels().accumulate_sum(drive, N_rec(), steps, gradient + layout_[b_[gate]].offset);
      }
  }

  void accumulate_begin(Rows rows, const Trajectory&, Adjoint& adjoint, float* gradient) const override {
    for (int panel = 0; panel < adjoint.rate.panels(); ++panel)
      for (const auto& [number, series] :
           {std::pair{init_hidden_, &adjoint.rate}, std::pair{init_cell_, &adjoint.state}}) {
        float* place = gradient + layout_[number].offset;
        if (initial_rows_ == 1) {
          kernels().accumulate_sum({series->at(panel, 0), series->step_stride()}, N_rec(), 1, place);
          continue;
        }
        for (int lane = 0; lane < panel_width; ++lane) {
          // Padding adds nothing: its mask is zero.
          const int trial = initial_row(rows, panel * panel_width + lane);
          for (int unit = 0; unit < N_rec(); ++unit)
            place[static_cast<std::ptrdiff_t>(trial) * N_rec() + unit] +=
                series->at(panel, 0)[unit * panel_width + lane];
        }
      }
  }

  std::vector<std::span<const float>> connections(Connections which, const float* weights) const override {
    if (is_psychrnn_ || which == Connections::output) return Network::connections(which, weights);
    const auto N = static_cast<std::size_t>(N_rec());
    const std::size_t recurrent = N * N, from_input = static_cast<std::size_t>(N_in()) * N;
    std::vector<std::span<const float>> spans;
    for (const std::size_t number : W_) {
      const float* first = weights + layout_[number].offset;
      if (which == Connections::recurrent) spans.emplace_back(first, recurrent);
      if (which == Connections::input) spans.emplace_back(first + recurrent, from_input);
    }
    return spans;
  }

  void silence(int unit, float* effective_weights) const override {
    Network::silence(unit, effective_weights);
    for (const std::size_t number : W_)
      std::fill_n(effective_weights + layout_[number].offset + static_cast<std::ptrdiff_t>(unit) * N_rec(),
                  N_rec(), 0.0f);
  }

  bool has_recurrent_matrix() const override { return false; }

 private:
  std::ptrdiff_t gate_offset(std::size_t gate) const {
    return static_cast<std::ptrdiff_t>(gate) * N_rec() * panel_width;
  }
  std::size_t panel_floats() const { return static_cast<std::size_t>(N_rec()) * panel_width; }

  /// Trials beyond the batch (padding, or more trials than training has) start as the first one does.
  int initial_row(Rows rows, int trial) const {
    const int row = rows.first_trial + trial;
    return rows.outside_training || row >= initial_rows_ ? 0 : row;
  }

  /// W_out is drawn as a continuous-time network's; under PsychRNN's conventions the unused weights are too.
  void draw_read_out(const Kernels& kernels, std::uint32_t seed, float* raw) const {
    const auto draw = [&](const char* name, RandomMatrix matrix) {
      const Variable* variable = layout_.find(name);
      if (variable == nullptr) return;
      float* values = raw + variable->offset;
      fill_normal_matrix(kernels, seed, matrix, variable->rows, variable->columns, values);
      const std::vector<float> deviations = glorot_deviations({}, variable->rows, variable->columns);
      for (std::size_t i = 0; i < deviations.size(); ++i) values[i] *= deviations[i];
    };
    draw("W_out", random_W_out);
    draw("W_in", random_W_in);
    draw("W_rec", random_W_rec);
  }

  /// The gates' places in a block of all of them.
  template <class Float>
  Gates<Float> gates_in(Float* block) const {
    return {block + gate_offset(forget), block + gate_offset(input), block + gate_offset(candidate),
            block + gate_offset(output)};
  }

  /// Gates, cell and hidden state of one panel from the sum of its inputs.
  void step_panel(int step, int panel, const float* drive, Trajectory& trajectory) const {
    float* more = trajectory.more.at(panel, step + 1);
    kernels().gated_step(squash(), gates_in(drive), trajectory.state.at(panel, step), gates_in(more),
                         trajectory.state.at(panel, step + 1), more + gate_offset(gates),
                         trajectory.rate.at(panel, step + 1), panel_floats());
  }

  /// The adjoint of `step_panel`.
  void adjoint_panel(int step, int panel, const Trajectory& trajectory, int slot, Adjoint& adjoint) const {
    const float* more = trajectory.more.at(panel, step + 1);
    kernels().gated_adjoint(squash(), gates_in(more), trajectory.state.at(panel, step),
                            trajectory.state.at(panel, step + 1), more + gate_offset(gates),
                            adjoint.rate.at(panel, 0), adjoint.state.at(panel, 0),
                            gates_in(adjoint.drive.at(panel, slot)), panel_floats());
  }

  TransferFunction squash() const {
    return is_psychrnn_ ? TransferFunction::sigmoid : TransferFunction::tanh;
  }

  void pack(const float* weights) override {
    const auto N = static_cast<std::size_t>(N_rec());
    const int from = N_rec() + N_in();
    // Gate by gate, to × from, of hidden units and inputs: the matrices of the file are from × to.
    std::vector<float> all;
    all.reserve(gates * N * static_cast<std::size_t>(from));
    bias_.resize(gates * N);
    for (std::size_t gate = 0; gate < gates; ++gate) {
      const float* W = weights + layout_[W_[gate]].offset;
      for (std::ptrdiff_t to = 0; to < N_rec(); ++to)
        for (std::ptrdiff_t j = 0; j < from; ++j) all.push_back(W[j * N_rec() + to]);
      std::copy_n(weights + layout_[b_[gate]].offset, N, bias_.data() + gate * N);
    }
    weights_.pack(kernels(), {row_major(all.data(), drive_rows(), from)});
    // A gate's first rows in the file are its hidden weights, transposed.
    const auto of_hidden = [&](Gate gate) {
      return row_major(weights + layout_[W_[gate]].offset, N_rec(), N_rec());
    };
    hidden_weights_and_W_out_transposed_.pack(
        kernels(), {of_hidden(forget), of_hidden(input), of_hidden(candidate), of_hidden(output),
                    transposed(W_out(weights))});
    zeros_.resize(N);
    zeros_.fill(0);
    const auto keep = [&](std::size_t number, FloatBuffer& values) {
      values.resize(layout_[number].size());
      std::copy_n(weights + layout_[number].offset, values.size(), values.data());
    };
    keep(init_hidden_, hidden_);
    keep(init_cell_, cell_);
  }

  bool is_psychrnn_;
  TransferFunction penalised_;
  int initial_rows_;
  std::size_t init_hidden_, init_cell_;
  std::array<std::size_t, gates> W_, b_;
  /// Of hidden units and inputs, all gates.
  PackedMatrix weights_;
  PackedMatrix hidden_weights_and_W_out_transposed_;
  FloatBuffer bias_;
  FloatBuffer zeros_;
  FloatBuffer hidden_;
  FloatBuffer cell_;
};

std::vector<Field> fields() {
  std::vector<Field> list = {Field::integer("N_rec", 50, "Number of hidden units.")
                                 .title("Units")
                                 .symbol("N")
                                 .unit("units")
                                 .at_least(1)
                                 .at_most(2048)};
  for (Field& field : transfer_function_fields(TransferFunction::identity)) list.push_back(field.advanced());
  const std::vector<Field> flags = trainable_fields({"W_out", "b_out", "init_hidden", "init_cell"});
  list.insert(list.end(), flags.begin(), flags.end());
  return list;
}

}  // namespace

NetworkType lstm() {
  return {"LSTM",
          type_schema("LSTM", "Long short-term memory",
                      "Gated units with a linear readout. The transfer function only shapes the penalty on "
                      "activity; time constant and recurrent noise have no meaning here.",
                      "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000", fields()),
          [](const Json& parameters, const Task& task, const Context& context) -> std::unique_ptr<Network> {
            return std::make_unique<Lstm>(parameters, task, context);
          }};
}

}  // namespace nullcline
