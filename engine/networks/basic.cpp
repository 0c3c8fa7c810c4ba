#include <algorithm>
#include <cmath>
#include <string>

#include "engine/experiment/schema.h"
#include "engine/networks/initializer.h"
#include "engine/networks/registry.h"

namespace nullcline {

namespace {

const std::vector<std::string> transfer_function_names = {"relu", "tanh", "sigmoid", "identity"};

TransferFunction transfer_function_named(const std::string& name) {
  if (name == "tanh") return TransferFunction::tanh;
  if (name == "sigmoid") return TransferFunction::sigmoid;
  if (name == "identity") return TransferFunction::identity;
  return TransferFunction::relu;
}

/// The continuous-time network of PsychRNN (`Basic`), by Euler's method with α = dt/τ:
///   drive  = W_rec f(state) + W_in x + b_rec
///   state' = (1 − α) state + α drive + √(2 α rec_noise²) n
///   output = W_out f(state') + b_out
class Basic final : public Network {
 public:
  Basic(const Json& parameters, const Task& task)
      : Network(task.N_in(), parameters["N_rec"].get<int>(), task.N_out()),
        alpha_(static_cast<float>(task.dt() / task.tau())),
        noise_scale_(static_cast<float>(noise_deviation(task, parameters["rec_noise"].get<double>()))),
        function_(transfer_function_named(parameters["transfer_function"].get<std::string>())),
        initializer_(make_initializer(parameters["initializer"])) {
    W_in_ = layout_.add_matrix("W_in", this->N_rec(), this->N_in());
    W_rec_ = layout_.add_matrix("W_rec", this->N_rec(), this->N_rec());
    add_read_out_weights();
    b_rec_ = layout_.add_vector("b_rec", this->N_rec());
    add_read_out_bias();
    init_state_ = layout_.add_matrix("init_state", 1, this->N_rec());
  }

  void initialize(const Kernels& kernels, std::uint32_t seed, float* raw) const override {
    const auto at = [&](const char* name) { return raw + layout_.find(name)->offset; };
    initializer_->initialize(kernels, seed,
                             {N_in(), N_rec(), N_out(), at("W_in"), at("W_rec"), at("W_out"), at("b_rec"),
                              at("b_out"), at("init_state")});
  }

  void effective(const float* raw, float* effective_weights) const override {
    std::copy_n(raw, layout_.size(), effective_weights);
  }

  void begin(Trajectory& trajectory) const override {
    for (int panel = 0; panel < trajectory.state.panels(); ++panel) {
      fill_rows(initial_state_.data(), N_rec(), trajectory.state.at(panel, 0));
      kernels().transfer(function_, trajectory.state.at(panel, 0), trajectory.rate.at(panel, 0),
                         panel_floats());
    }
  }

  bool has_noise() const override { return noise_scale_ != 0; }

  void step(int step, const PanelSeries& x, const PanelSeries* noise, PanelSeries& drive,
            Trajectory& trajectory) const override {
    const int panels = drive.panels();
    for (int panel = 0; panel < panels; ++panel) fill_rows(bias_.data(), N_rec(), drive.at(panel, 0));
    const PanelsOut drives{drive.at(0, 0), drive.panel_stride()};
    kernels().multiply_add(W_rec_packed_.data(), N_rec(), N_rec(),
                           {trajectory.rate.at(0, step), trajectory.rate.panel_stride()}, drives, panels);
    kernels().multiply_add(W_in_packed_.data(), N_rec(), N_in(), {x.at(0, step), x.panel_stride()}, drives,
                           panels);
    for (int panel = 0; panel < panels; ++panel) {
      kernels().leaky_integrate(trajectory.state.at(panel, step), drive.at(panel, 0), alpha_,
                                noise == nullptr ? nullptr : noise->at(panel, step), noise_scale_,
                                trajectory.state.at(panel, step + 1), panel_floats());
      kernels().transfer(function_, trajectory.state.at(panel, step + 1), trajectory.rate.at(panel, step + 1),
                         panel_floats());
    }
  }

  void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const override {
    const int panels = adjoint.rate.panels();
    for (int panel = 0; panel < panels; ++panel) {
      adjoint_state(step + 1, panel, trajectory, adjoint);
      const float* state_gradient = adjoint.state.at(panel, 0);
      float* drive_gradient = adjoint.drive.at(panel, slot);
      for (std::size_t i = 0; i < panel_floats(); ++i) drive_gradient[i] = alpha_ * state_gradient[i];
    }
    adjoint.rate.fill(0);
    kernels().multiply_add(W_rec_transposed_.data(), N_rec(), N_rec(),
                           {adjoint.drive.at(0, slot), adjoint.drive.panel_stride()},
                           {adjoint.rate.at(0, 0), adjoint.rate.panel_stride()}, panels);
  }

  void accumulate(int first, int steps, const PanelSeries& x, const Trajectory& trajectory,
                  const Adjoint& adjoint, float* gradient) const override {
    for (int panel = 0; panel < adjoint.drive.panels(); ++panel) {
      const PanelsIn drive{adjoint.drive.at(panel, 0), adjoint.drive.step_stride()};
      kernels().accumulate_outer(drive, N_rec(),
                                 {trajectory.rate.at(panel, first), trajectory.rate.step_stride()}, N_rec(),
                                 steps, gradient + layout_[W_rec_].offset);
      kernels().accumulate_outer(drive, N_rec(), {x.at(panel, first), x.step_stride()}, N_in(), steps,
                                 gradient + layout_[W_in_].offset);
      kernels().accumulate_sum(drive, N_rec(), steps, gradient + layout_[b_rec_].offset);
    }
  }

  void accumulate_begin(const Trajectory& trajectory, Adjoint& adjoint, float* gradient) const override {
    for (int panel = 0; panel < adjoint.rate.panels(); ++panel) {
      adjoint_state(0, panel, trajectory, adjoint);
      kernels().accumulate_sum({adjoint.state.at(panel, 0), adjoint.state.step_stride()}, N_rec(), 1,
                               gradient + layout_[init_state_].offset);
    }
  }

 private:
  static double noise_deviation(const Task& task, double rec_noise) {
    return std::sqrt(2 * (task.dt() / task.tau()) * rec_noise * rec_noise);
  }

  static std::unique_ptr<Initializer> make_initializer(const Json& parameters) {
    for (const InitializerType& type : initializer_types())
      if (parameters["type"] == type.name) return type.create(parameters);
    return nullptr;  // not reached: the document was validated
  }

  void pack(const float* weights) override {
    const float* W_rec = weights + layout_[W_rec_].offset;
    W_rec_packed_.pack(W_rec, N_rec(), N_rec());
    W_rec_transposed_.pack(W_rec, N_rec(), N_rec(), /*transpose=*/true);
    W_in_packed_.pack(weights + layout_[W_in_].offset, N_rec(), N_in());
    bias_.resize(static_cast<std::size_t>(N_rec()));
    std::copy_n(weights + layout_[b_rec_].offset, N_rec(), bias_.data());
    initial_state_.resize(static_cast<std::size_t>(N_rec()));
    std::copy_n(weights + layout_[init_state_].offset, N_rec(), initial_state_.data());
  }

  std::size_t panel_floats() const { return static_cast<std::size_t>(N_rec()) * panel_width; }

  /// adjoint.state = f'(state) · adjoint.rate + (1 − α) · adjoint.state at that entry of the trajectory.
  void adjoint_state(int entry, int panel, const Trajectory& trajectory, Adjoint& adjoint) const {
    float* rate_gradient = adjoint.rate.at(panel, 0);
    float* state_gradient = adjoint.state.at(panel, 0);
    kernels().transfer_adjoint(function_, trajectory.state.at(panel, entry), trajectory.rate.at(panel, entry),
                               rate_gradient, panel_floats());
    const float keep = 1.0f - alpha_;
    for (std::size_t i = 0; i < panel_floats(); ++i)
      state_gradient[i] = rate_gradient[i] + keep * state_gradient[i];
  }

  float alpha_;
  float noise_scale_;
  TransferFunction function_;
  std::unique_ptr<Initializer> initializer_;
  std::size_t W_in_, W_rec_, b_rec_, init_state_;
  PackedMatrix W_rec_packed_;
  PackedMatrix W_rec_transposed_;
  PackedMatrix W_in_packed_;
  FloatBuffer bias_;
  FloatBuffer initial_state_;
};

}  // namespace

NetworkType basic() {
  std::vector<std::string> initializers;
  for (const InitializerType& type : initializer_types()) initializers.push_back(type.name);
  return {"Basic",
          type_schema("Basic", "Continuous-time network",
                      "Leaky units with recurrent connections and a linear readout, trained through time.",
                      "Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021; Song, Yang & Wang 2016",
                      {
                          Field::integer("N_rec", 50, "Number of recurrent units.")
                              .title("Units")
                              .symbol("N")
                              .unit("units")
                              .at_least(1)
                              .at_most(4096),
                          Field::one_of("transfer_function", transfer_function_names,
                                        "Firing rate of a unit as a function of its state.")
                              .title("Transfer function")
                              .symbol("f"),
                          Field::number("rec_noise", 0, "Strength of the noise in each unit's state.")
                              .title("Recurrent noise")
                              .symbol("σ")
                              .at_least(0)
                              .at_most(1000),
                          Field::typed("initializer", "initializer", initializers,
                                       "How the initial weights are drawn.")
                              .title("Initial weights")
                              .advanced(),
                      }),
          [](const Json& parameters, const Task& task, Conventions) -> std::unique_ptr<Network> {
            return std::make_unique<Basic>(parameters, task);
          }};
}

}  // namespace nullcline
