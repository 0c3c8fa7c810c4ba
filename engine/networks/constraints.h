#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/schema.h"

namespace nullcline {

/// What holds for the elements of one weight matrix (to × from, row-major) whatever training does.
struct WeightConstraint {
  /// 0 where there is no connection, 1 where there is one; empty: all exist.
  std::vector<float> connectivity;
  /// Dale's law: every weight is its magnitude times the sign of its column; empty: weights are free.
  std::vector<float> column_signs;

  bool is_free() const { return connectivity.empty() && column_signs.empty(); }
};

/// effective = connectivity ∘ raw, and under Dale's law |connectivity ∘ raw| · signs of the columns.
void apply_constraint(const WeightConstraint& constraint, int rows, int columns, const float* raw,
                      float* effective);

/// Turns ∂loss/∂effective into ∂loss/∂raw in place. The derivative of |x| at 0 is 0.
void adjoint_constraint(const WeightConstraint& constraint, int rows, int columns, const float* raw,
                        float* gradient);

/// Excitatory and inhibitory units, the excitatory ones first unless their signs are given.
struct DaleLaw {
  /// Share of excitatory units.
  double ratio;
  /// Sign of each unit's outgoing connections within the network and to the outputs.
  std::vector<float> recurrent;
  std::vector<float> output;
};

/// The constraints of a continuous-time network's three weight matrices.
struct Constraints {
  WeightConstraint input;
  WeightConstraint recurrent;
  WeightConstraint output;
  std::optional<DaleLaw> dale;
};

/// The fields from which `make_constraints` makes them: dale_ratio, Dale_rec, Dale_out, autapses and the
/// three connectivities.
std::vector<Field> constraint_fields();

/// From a network's resolved part of the document. Throws a Failure that names the field at fault.
Constraints make_constraints(const Json& network, int N_in, int N_rec, int N_out, const Context& context);

/// Number of excitatory units among N_rec: the product rounded down, safe against its rounding (.29 of 100 is
/// 29); PsychRNN's code cuts the product itself (28).
int excitatory_units(double dale_ratio, int N_rec, Conventions conventions);

}  // namespace nullcline
