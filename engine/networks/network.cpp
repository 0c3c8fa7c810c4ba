#include "engine/networks/network.h"

#include <algorithm>

namespace nullcline {

std::size_t ParameterLayout::add(Variable variable) {
  size_ += variable.size();
  variables_.push_back(std::move(variable));
  return variables_.size() - 1;
}

std::size_t ParameterLayout::add_matrix(std::string name, int rows, int columns) {
  return add({std::move(name), rows, columns, /*is_vector=*/false, size_});
}

std::size_t ParameterLayout::add_vector(std::string name, int rows) {
  return add({std::move(name), rows, 1, /*is_vector=*/true, size_});
}

const Variable* ParameterLayout::find(const std::string& name) const {
  const auto found =
      std::find_if(variables_.begin(), variables_.end(), [&](const Variable& v) { return v.name == name; });
  return found == variables_.end() ? nullptr : &*found;
}

void fill_rows(const float* values, int rows, float* panel) {
  for (int row = 0; row < rows; ++row) std::fill_n(panel + row * panel_width, panel_width, values[row]);
}

std::size_t Network::add_read_out_weights() {
  W_out_ = layout_.add_matrix("W_out", N_out_, N_rec_);
  return W_out_;
}

void Network::add_read_out_bias() { b_out_ = layout_.add_vector("b_out", N_out_); }

void Network::effective(const float* raw, float* effective_weights) const {
  for (const Variable& variable : layout_.variables()) {
    const float* values = raw + variable.offset;
    if (variable.constraint.is_free())
      std::copy_n(values, variable.size(), effective_weights + variable.offset);
    else
      apply_constraint(variable.constraint, variable.rows, variable.columns, values,
                       effective_weights + variable.offset);
  }
}

void Network::adjoint_effective(const float* raw, float* gradient) const {
  for (const Variable& variable : layout_.variables())
    if (!variable.constraint.is_free())
      adjoint_constraint(variable.constraint, variable.rows, variable.columns, raw + variable.offset,
                         gradient + variable.offset);
}

MatrixView Network::matrix(std::size_t number, const float* weights) const {
  const Variable& variable = layout_[number];
  return row_major(weights + variable.offset, variable.rows, variable.columns);
}

void Network::load(const Kernels& kernels, const float* raw) {
  effective_.resize(layout_.size());
  effective(raw, effective_.data());
  load_effective(kernels, effective_.data());
}

void Network::load_effective(const Kernels& kernels, const float* effective_weights) {
  kernels_ = &kernels;
  if (effective_weights != effective_.data()) {
    effective_.resize(layout_.size());
    std::copy_n(effective_weights, layout_.size(), effective_.data());
  }
  packed_W_out_.pack(kernels, {W_out(effective_weights)});
  packed_W_out_transposed_.pack(kernels, {transposed(W_out(effective_weights))});
  output_bias_.resize(static_cast<std::size_t>(N_out_));
  std::copy_n(effective_weights + layout_[b_out_].offset, N_out_, output_bias_.data());
  pack(effective_weights);
}

std::vector<std::span<const float>> Network::connections(Connections which, const float* weights) const {
  const char* const names[] = {"W_in", "W_rec", "W_out"};
  const Variable* variable = layout_.find(names[static_cast<std::size_t>(which)]);
  if (variable == nullptr) return {};
  return {{weights + variable->offset, variable->size()}};
}

void Network::silence(int unit, float* effective_weights) const {
  for (const char* name : {"W_rec", "W_out"})
    if (const Variable* variable = layout_.find(name))
      for (int row = 0; row < variable->rows; ++row)
        effective_weights[variable->offset + static_cast<std::size_t>(row * variable->columns + unit)] = 0;
}

void Network::mask_recurrent(const float* connectivity, float* effective_weights) const {
  const Variable& variable = *layout_.find("W_rec");
  for (std::size_t i = 0; i < variable.size(); ++i) effective_weights[variable.offset + i] *= connectivity[i];
}

void Network::set_trainable(const Json& parameters) {
  for (std::size_t i = 0; i < layout_.variables().size(); ++i) {
    const auto flag = parameters.find(layout_[i].name + "_train");
    if (flag != parameters.end()) layout_[i].trainable = flag->get<bool>();
  }
}

std::vector<Field> trainable_fields(const std::vector<std::string>& variables) {
  std::vector<Field> fields;
  for (const std::string& name : variables)
    fields.push_back(Field::boolean(name + "_train", true, "Whether training changes " + name + ".")
                         .title("Train " + name)
                         .advanced());
  return fields;
}

void Network::resize(Trajectory& trajectory, int panels, int steps) const {
  trajectory.state.resize(panels, steps + 1, N_rec_);
  trajectory.rate.resize(panels, steps + 1, N_rec_, N_in_);
  if (more_rows() > 0) trajectory.more.resize(panels, steps + 1, more_rows());
}

void Network::resize(Adjoint& adjoint, int panels) const {
  adjoint.rate.resize(panels, 1, N_rec_);
  adjoint.state.resize(panels, 1, N_rec_);
  adjoint.drive.resize(panels, steps_per_block, drive_rows(), N_out_);
}

void Network::read_out(int first, int steps, const Trajectory& trajectory, PanelSeries& output) const {
  for (int panel = 0; panel < output.panels(); ++panel) {
    // The steps of a trial are to the readout what panels are to the recurrent product: many at once.
    kernels_->multiply(packed_W_out_.data(), N_out_, N_rec_,
                       {trajectory.rate.at(panel, first + 1), trajectory.rate.step_stride()},
                       output_bias_.data(), {output.at(panel, first), output.step_stride()}, steps);
  }
}

void Network::adjoint_read_out(int step, const PanelSeries& output_gradient, Adjoint& adjoint) const {
  kernels_->multiply_add(packed_W_out_transposed_.data(), N_rec_, N_out_,
                         {output_gradient.at(0, step), output_gradient.panel_stride()},
                         {adjoint.rate.at(0, 0), adjoint.rate.panel_stride()}, adjoint.rate.panels());
}

void Network::accumulate_read_out(int first, int steps, const Trajectory& trajectory,
                                  const PanelSeries& output_gradient, float* gradient) const {
  for (int panel = 0; panel < output_gradient.panels(); ++panel) {
    const PanelsIn errors{output_gradient.at(panel, first), output_gradient.step_stride()};
    kernels_->accumulate_outer(errors, N_out_,
                               {trajectory.rate.at(panel, first + 1), trajectory.rate.step_stride()}, N_rec_,
                               steps, gradient + layout_[W_out_].offset);
    kernels_->accumulate_sum(errors, N_out_, steps, gradient + layout_[b_out_].offset);
  }
}

}  // namespace nullcline
