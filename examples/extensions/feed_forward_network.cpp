// A network of one's own: the continuous-time network with a layer of rectified units between the inputs and
// the recurrent ones, as in PsychRNN's page "Define New Model". The step and its adjoint stand side by side.
#include <algorithm>
#include <cmath>

#include "engine/math/random.h"
#include "engine/networks/initializer.h"
#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

/// Number of this network's random matrix, clear of the engine's own.
constexpr std::uint32_t random_W_ff = 64;

///   layer  = relu(W_ff x + b_ff)
///   drive  = W_rec f(state) + W_in layer + b_rec
///   state' = (1 − α) state + α drive,  f = tanh
/// The drive has N_rec rows for the recurrent units and N_ff for the layer; `Trajectory::more` keeps the
/// layer.
class FeedForwardNetwork final : public Network {
 public:
  FeedForwardNetwork(const Json& parameters, const Task& task)
      : Network(task.N_in(), parameters["N_rec"].get<int>(), task.N_out()),
        N_ff_(parameters["N_ff"]),
        alpha_(static_cast<std::size_t>(N_rec()), static_cast<float>(task.dt() / task.tau())),
        W_ff_(layout_.add_matrix("W_ff", N_ff_, N_in())),
        W_in_(layout_.add_matrix("W_in", N_rec(), N_ff_)),
        W_rec_(layout_.add_matrix("W_rec", N_rec(), N_rec())) {
    add_read_out_weights();
    b_ff_ = layout_.add_vector("b_ff", N_ff_);
    b_rec_ = layout_.add_vector("b_rec", N_rec());
    add_read_out_bias();
  }

  std::unique_ptr<Network> clone() const override { return std::make_unique<FeedForwardNetwork>(*this); }

  std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed, float* raw) const override {
    std::fill_n(raw, layout_.size(), 0.0f);
    const auto draw = [&](const char* name, std::uint32_t matrix) {
      const Variable& variable = *layout_.find(name);
      fill_normal_matrix(kernels, seed, matrix, variable.rows, variable.columns, raw + variable.offset);
      const std::vector<float> deviations = glorot_deviations({}, variable.rows, variable.columns);
      for (std::size_t i = 0; i < variable.size(); ++i) raw[variable.offset + i] *= deviations[i];
    };
    draw("W_ff", random_W_ff);
    draw("W_in", random_W_in);
    draw("W_rec", random_W_rec);
    draw("W_out", random_W_out);
    return {};
  }

  int drive_rows() const override { return N_rec() + N_ff_; }
  int more_rows() const override { return N_ff_; }
  bool has_noise() const override { return false; }

  void begin(Rows, Trajectory& trajectory) const override {
    for (int panel = 0; panel < trajectory.state.panels(); ++panel) {
      std::fill_n(trajectory.state.at(panel, 0), floats(N_rec()), 0.0f);
      std::fill_n(trajectory.rate.at(panel, 0), floats(N_rec()), 0.0f);
    }
  }

  void step(int step, const PanelSeries& x, const PanelSeries*, PanelSeries& drive,
            Trajectory& trajectory) const override {
    for (int panel = 0; panel < drive.panels(); ++panel) {
      float* units = drive.at(panel, 0);
      float* layer = units + floats(N_rec());
      fill_rows(biases_.data(), drive_rows(), units);
      kernels().multiply_add(packed_W_ff_.data(), N_ff_, N_in(), {x.at(panel, step), 0}, {layer, 0}, 1);
      float* rates = trajectory.more.at(panel, step + 1);
      kernels().transfer(TransferFunction::relu, layer, rates, floats(N_ff_));
      kernels().multiply_add(packed_W_rec_.data(), N_rec(), N_rec(), {trajectory.rate.at(panel, step), 0},
                             {units, 0}, 1);
      kernels().multiply_add(packed_W_in_.data(), N_rec(), N_ff_, {rates, 0}, {units, 0}, 1);
      kernels().leaky_step(TransferFunction::tanh, trajectory.state.at(panel, step), units, alpha_.data(),
                           nullptr, nullptr, trajectory.state.at(panel, step + 1),
                           trajectory.rate.at(panel, step + 1), N_rec());
    }
  }

  void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const override {
    for (int panel = 0; panel < adjoint.rate.panels(); ++panel) {
      float* rate = adjoint.rate.at(panel, 0);
      float* state = adjoint.state.at(panel, 0);
      float* units = adjoint.drive.at(panel, slot);
      float* layer = units + floats(N_rec());
      kernels().leaky_adjoint(TransferFunction::tanh, trajectory.state.at(panel, step + 1),
                              trajectory.rate.at(panel, step + 1), rate, alpha_.data(), state, units,
                              N_rec());
      std::fill_n(rate, floats(N_rec()), 0.0f);
      kernels().multiply_add(packed_W_rec_transposed_.data(), N_rec(), N_rec(), {units, 0}, {rate, 0}, 1);
      std::fill_n(layer, floats(N_ff_), 0.0f);
      kernels().multiply_add(packed_W_in_transposed_.data(), N_ff_, N_rec(), {units, 0}, {layer, 0}, 1);
      const float* seen = trajectory.more.at(panel, step + 1);
      kernels().transfer_adjoint(TransferFunction::relu, seen, seen, layer, floats(N_ff_));
    }
  }

  void accumulate(int first, int steps, const PanelSeries& x, const Trajectory& trajectory,
                  const Adjoint& adjoint, float* gradient) const override {
    for (int panel = 0; panel < adjoint.drive.panels(); ++panel) {
      const std::ptrdiff_t stride = adjoint.drive.step_stride();
      const PanelsIn units{adjoint.drive.at(panel, 0), stride};
      const PanelsIn layer{adjoint.drive.at(panel, 0) + floats(N_rec()), stride};
      const auto series = [&](const PanelSeries& values, int entry) {
        return PanelsIn{values.at(panel, entry), values.step_stride()};
      };
      const auto outer = [&](PanelsIn left, PanelsIn right, std::size_t number) {
        const Variable& variable = layout_[number];
        kernels().accumulate_outer(left, variable.rows, right, variable.columns, steps,
                                   gradient + variable.offset);
      };
      outer(units, series(trajectory.rate, first), W_rec_);
      outer(units, series(trajectory.more, first + 1), W_in_);
      outer(layer, series(x, first), W_ff_);
      kernels().accumulate_sum(units, N_rec(), steps, gradient + layout_[b_rec_].offset);
      kernels().accumulate_sum(layer, N_ff_, steps, gradient + layout_[b_ff_].offset);
    }
  }

  /// The initial state is 0 and not learned.
  void accumulate_begin(Rows, const Trajectory&, Adjoint&, float*) const override {}

 private:
  static std::size_t floats(int rows) { return static_cast<std::size_t>(rows) * panel_width; }

  void pack(const float* weights) override {
    packed_W_ff_.pack(kernels(), {matrix(W_ff_, weights)});
    packed_W_in_.pack(kernels(), {matrix(W_in_, weights)});
    packed_W_in_transposed_.pack(kernels(), {transposed(matrix(W_in_, weights))});
    packed_W_rec_.pack(kernels(), {matrix(W_rec_, weights)});
    packed_W_rec_transposed_.pack(kernels(), {transposed(matrix(W_rec_, weights))});
    biases_.resize(static_cast<std::size_t>(drive_rows()));
    std::copy_n(weights + layout_[b_rec_].offset, N_rec(), biases_.data());
    std::copy_n(weights + layout_[b_ff_].offset, N_ff_, biases_.data() + N_rec());
  }

  int N_ff_;
  std::vector<float> alpha_;
  std::size_t W_ff_, W_in_, W_rec_, b_ff_ = 0, b_rec_ = 0;
  PackedMatrix packed_W_ff_;
  PackedMatrix packed_W_in_;
  PackedMatrix packed_W_in_transposed_;
  PackedMatrix packed_W_rec_;
  PackedMatrix packed_W_rec_transposed_;
  FloatBuffer biases_;
};

}  // namespace

NetworkType feed_forward_network() {
  return {
      "FeedForward",
      type_schema(
          "FeedForward", "Feed-forward layer before a recurrent network",
          "Rectified units see the inputs, recurrent ones see them.",
          "Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021",
          {Field::integer("N_rec", 50, "Number of recurrent units.").title("Units").at_least(1).at_most(4096),
           Field::integer("N_ff", 20, "Number of units of the layer before them.")
               .title("Units of the layer")
               .at_least(1)
               .at_most(4096)}),
      [](const Json& parameters, const Task& task, const Context&) -> std::unique_ptr<Network> {
        return std::make_unique<FeedForwardNetwork>(parameters, task);
      }};
}

}  // namespace nullcline
