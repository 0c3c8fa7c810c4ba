#include <algorithm>
#include <cmath>
#include <string>

#include "engine/experiment/registry.h"
#include "engine/experiment/schema.h"
#include "engine/networks/initializer.h"
#include "engine/networks/registry.h"
#include "engine/networks/transfer_function.h"

namespace nullcline {

namespace {

/// Time constants in ms: the task's for all units, or the network's own for all or for each.
std::vector<double> time_constants(const Json& tau, const Task& task, int N_rec) {
  std::vector<double> constants(static_cast<std::size_t>(N_rec), task.tau());
  if (tau.is_number()) std::fill(constants.begin(), constants.end(), tau.get<double>());
  if (tau.is_array()) {
    if (tau.size() != constants.size())
      throw Failure({"wrong_shape", "network.tau",
                     "network.tau must hold one time constant for each of the " + std::to_string(N_rec) +
                         " units; found " + std::to_string(tau.size()) + ".",
                     ""});
    for (std::size_t i = 0; i < constants.size(); ++i) constants[i] = tau[i];
  }
  const double shortest = *std::min_element(constants.begin(), constants.end());
  if (!tau.is_null() && task.dt() > shortest)
    throw Failure({"out_of_range", "network.tau",
                   "network.tau must be at least task.dt, " + shown(task.dt()) + " ms; found " +
                       shown(shortest) + " ms.",
                   "A time step longer than the time constant makes the simulation unstable."});
  return constants;
}

Field time_constant_field() {
  Json constant = {
      {"title", "one for all units"}, {"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1e5}};
  Json item = constant;
  item.erase("title");
  Json list = {{"title", "one for each unit"},
               {"type", "array"},
               {"items", item},
               {"minItems", 1},
               {"maxItems", 4096}};
  return Field::any_of("tau", nullptr, {null_form("the task's"), constant, list},
                       "Time constant with which a unit's state follows its input.")
      .title("Time constant of the units")
      .symbol("τ")
      .unit("ms")
      .advanced();
}

/// The continuous-time network of PsychRNN (`Basic`), by Euler's method with α = dt/τ:
///   drive  = W_rec f(state) + W_in x + b_rec
///   state' = (1 − α) state + α drive + √(2 α rec_noise²) n
///   output = W_out f(state') + b_out
class Basic final : public Network {
 public:
  Basic(const Json& parameters, const Task& task, const Context& context)
      : Network(task.N_in(), parameters["N_rec"].get<int>(), task.N_out()),
        rec_noise_(parameters["rec_noise"].get<double>()),
        function_(transfer_function_of(parameters)),
        constraints_(make_constraints(parameters, task.N_in(), parameters["N_rec"], task.N_out(), context)),
        initializer_(make_initializer(parameters["initializer"], {N_in(), N_rec(), N_out()}, context)) {
    for (const double tau : time_constants(parameters["tau"], task, N_rec())) {
      const double alpha = task.dt() / tau;
      alpha_.push_back(static_cast<float>(alpha));
      noise_scale_.push_back(static_cast<float>(std::sqrt(2 * alpha * rec_noise_ * rec_noise_)));
    }
    W_in_ = layout_.add_matrix("W_in", this->N_rec(), this->N_in());
    W_rec_ = layout_.add_matrix("W_rec", this->N_rec(), this->N_rec());
    const std::size_t W_out = add_read_out_weights();
    b_rec_ = layout_.add_vector("b_rec", this->N_rec());
    add_read_out_bias();
    init_state_ = layout_.add_matrix("init_state", 1, this->N_rec());
    layout_[W_in_].constraint = constraints_.input;
    layout_[W_rec_].constraint = constraints_.recurrent;
    layout_[W_out].constraint = constraints_.output;
    if (constraints_.dale) dale_ratio_ = constraints_.dale->ratio;
    set_trainable(parameters);
  }

  std::unique_ptr<Network> clone() const override { return std::make_unique<Basic>(*this); }

  std::vector<std::string> initialize(const Kernels& kernels, std::uint32_t seed, float* raw) const override {
    const auto at = [&](const char* name) { return raw + layout_.find(name)->offset; };
    return initializer_->initialize(
        kernels, seed, constraints_,
        {at("W_in"), at("W_rec"), at("W_out"), at("b_rec"), at("b_out"), at("init_state")});
  }

  void begin(Rows, Trajectory& trajectory) const override {
    for (int panel = 0; panel < trajectory.state.panels(); ++panel) {
      fill_rows(initial_state_.data(), N_rec(), trajectory.state.at(panel, 0));
      kernels().transfer(function_, trajectory.state.at(panel, 0), trajectory.rate.at(panel, 0),
                         panel_floats());
    }
  }

  bool has_noise() const override { return rec_noise_ != 0; }

  void step(int step, const PanelSeries& x, const PanelSeries* noise, PanelSeries& drive,
            Trajectory& trajectory) const override {
    const int panels = drive.panels();
    place_below(x, step, trajectory.rate, step);
    kernels().multiply(W_rec_and_W_in_.data(), N_rec(), N_rec() + N_in(),
                       {trajectory.rate.at(0, step), trajectory.rate.panel_stride()}, bias_.data(),
                       {drive.at(0, 0), drive.panel_stride()}, panels);
    for (int panel = 0; panel < panels; ++panel)
      kernels().leaky_step(function_, trajectory.state.at(panel, step), drive.at(panel, 0), alpha_.data(),
                           noise == nullptr ? nullptr : noise->at(panel, step), noise_scale_.data(),
                           trajectory.state.at(panel, step + 1), trajectory.rate.at(panel, step + 1),
                           N_rec());
  }

  bool adds_read_out() const override { return true; }

  void adjoint_step(int step, const Trajectory& trajectory, int slot, Adjoint& adjoint) const override {
    const int panels = adjoint.rate.panels();
    for (int panel = 0; panel < panels; ++panel)
      adjoint_state(step + 1, panel, trajectory, adjoint, adjoint.drive.at(panel, slot));
    kernels().multiply(W_rec_and_W_out_transposed_.data(), N_rec(), N_rec() + N_out(),
                       {adjoint.drive.at(0, slot), adjoint.drive.panel_stride()}, zeros_.data(),
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

  void accumulate_begin(Rows, const Trajectory& trajectory, Adjoint& adjoint,
                        float* gradient) const override {
    for (int panel = 0; panel < adjoint.rate.panels(); ++panel) {
      adjoint_state(0, panel, trajectory, adjoint, adjoint.drive.at(panel, 0));
      kernels().accumulate_sum({adjoint.state.at(panel, 0), adjoint.state.step_stride()}, N_rec(), 1,
                               gradient + layout_[init_state_].offset);
    }
  }

 private:
  void pack(const float* weights) override {
    const MatrixView W_rec = matrix(W_rec_, weights);
    W_rec_and_W_in_.pack(kernels(), {W_rec, matrix(W_in_, weights)});
    W_rec_and_W_out_transposed_.pack(kernels(), {transposed(W_rec), transposed(W_out(weights))});
    bias_.resize(static_cast<std::size_t>(N_rec()));
    std::copy_n(weights + layout_[b_rec_].offset, N_rec(), bias_.data());
    zeros_.resize(static_cast<std::size_t>(N_rec()));
    zeros_.fill(0);
    initial_state_.resize(static_cast<std::size_t>(N_rec()));
    std::copy_n(weights + layout_[init_state_].offset, N_rec(), initial_state_.data());
  }

  std::size_t panel_floats() const { return static_cast<std::size_t>(N_rec()) * panel_width; }

  /// The gradients of state and drive from those of the rate and of the later state, at that entry of the
  /// trajectory.
  void adjoint_state(int entry, int panel, const Trajectory& trajectory, Adjoint& adjoint,
                     float* drive_gradient) const {
    kernels().leaky_adjoint(function_, trajectory.state.at(panel, entry), trajectory.rate.at(panel, entry),
                            adjoint.rate.at(panel, 0), alpha_.data(), adjoint.state.at(panel, 0),
                            drive_gradient, N_rec());
  }

  /// dt / tau of each unit, and the standard deviation of its noise in one step.
  std::vector<float> alpha_;
  std::vector<float> noise_scale_;
  double rec_noise_;
  TransferFunction function_;
  Constraints constraints_;
  std::shared_ptr<const Initializer> initializer_;
  std::size_t W_in_, W_rec_, b_rec_, init_state_;
  PackedMatrix W_rec_and_W_in_;
  PackedMatrix W_rec_and_W_out_transposed_;
  FloatBuffer bias_;
  FloatBuffer zeros_;
  FloatBuffer initial_state_;
};

}  // namespace

NetworkType basic() {
  std::vector<Field> fields = {Field::integer("N_rec", 50, "Number of recurrent units.")
                                   .title("Units")
                                   .symbol("N")
                                   .unit("units")
                                   .at_least(1)
                                   .at_most(4096)};
  const auto append = [&](const std::vector<Field>& more) {
    fields.insert(fields.end(), more.begin(), more.end());
  };
  append(transfer_function_fields(TransferFunction::relu));
  append({Field::number("rec_noise", 0, "Strength of the noise in each unit's state.")
              .title("Recurrent noise")
              .symbol("σ")
              .at_least(0)
              .at_most(1000),
          time_constant_field()});
  append(constraint_fields());
  append({Field::typed("initializer", "initializer", names_of(initializer_types()),
                       "How the initial weights are drawn.")
              .title("Initial weights")
              .advanced()});
  append(trainable_fields({"W_in", "W_rec", "W_out", "b_rec", "b_out", "init_state"}));
  Json schema =
      type_schema("Basic", "Continuous-time network",
                  "Leaky units with recurrent connections and a linear readout, trained through time.",
                  "Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021; Song, Yang & Wang 2016", fields);
  // PsychRNN computes the same network in two ways under two names.
  schema["properties"]["type"]["x-aliases"] = {"BasicScan"};
  return {"Basic", std::move(schema),
          [](const Json& parameters, const Task& task, const Context& context) -> std::unique_ptr<Network> {
            return std::make_unique<Basic>(parameters, task, context);
          }};
}

}  // namespace nullcline
