#include "engine/networks/transfer_function.h"

#include <algorithm>

namespace nullcline {

namespace {

struct NamedFunction {
  const char* name;
  TransferFunction::Type type;
};

constexpr NamedFunction functions[] = {
    {"relu", TransferFunction::relu},
    {"tanh", TransferFunction::tanh},
    {"sigmoid", TransferFunction::sigmoid},
    {"softplus", TransferFunction::softplus},
    {"leaky_relu", TransferFunction::leaky_relu},
    {"gelu", TransferFunction::gelu},
    {"identity", TransferFunction::identity},
};

std::vector<std::string> names(TransferFunction::Type first) {
  std::vector<std::string> list;
  for (const NamedFunction& function : functions) {
    if (function.type == first) list.insert(list.begin(), function.name);
    if (function.type != first) list.emplace_back(function.name);
  }
  return list;
}

}  // namespace

std::vector<Field> transfer_function_fields(TransferFunction::Type first) {
  return {
      Field::one_of("transfer_function", names(first), "Firing rate of a unit as a function of its state.")
          .title("Transfer function")
          .symbol("f"),
      Field::number("negative_slope", .2, "Slope of leaky_relu below zero; the other functions ignore it.")
          .title("Slope below zero")
          .only_with("leaky_relu")
          .at_least(0)
          .at_most(1)
          .advanced(),
      Field::number("beta", 1, "Sharpness of softplus, ln(1 + exp(β s)) / β; the other functions ignore it.")
          .title("Sharpness of softplus")
          .only_with("softplus")
          .symbol("β")
          .at_least(.001)
          .at_most(1000)
          .advanced(),
  };
}

TransferFunction transfer_function_of(const Json& network) {
  const auto* found = std::find_if(std::begin(functions), std::end(functions), [&](const NamedFunction& f) {
    return network["transfer_function"] == f.name;
  });
  if (found->type == TransferFunction::leaky_relu)
    return {found->type, network["negative_slope"].get<float>()};
  if (found->type == TransferFunction::softplus) return {found->type, network["beta"].get<float>()};
  return found->type;
}

}  // namespace nullcline
