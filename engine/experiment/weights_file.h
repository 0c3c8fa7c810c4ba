#pragma once

#include "engine/experiment/context.h"
#include "engine/experiment/json.h"
#include "engine/networks/network.h"

namespace nullcline {

/// The shape that a variable, or its gradient, has in files.
Shape file_shape(const Variable& variable);

/// Adds a block in the layout of the parameters, one array a variable, each key with the prefix.
void add_block(const std::string& prefix, const ParameterLayout& layout, const FloatBuffer& block,
               std::vector<NamedArray>& arrays);

/// The arrays of a weights file: every variable of the network, as the forward pass uses it, and PsychRNN's
/// masks and signs.
std::vector<NamedArray> weights_arrays(const Network& network, const FloatBuffer& effective);

/// How large a network's weights are, as its readout tells.
struct WeightSizes {
  int N_rec;
  int N_out;
};
WeightSizes weight_sizes(const ArrayFile& file);

/// Raw weights of that network from a file, in the layout of its parameters. Masks and signs of the file are
/// applied where the network has none of its own, so that its forward pass is that of the file's network.
/// Throws a Failure that names the key that is missing or does not fit.
FloatBuffer read_weights(const ArrayFile& file, const Network& network);

/// Puts the variables that the file holds into raw weights, shape and values checked; the others stay. Throws
/// a Failure where the file holds none, or anything else.
void replace_variables(const ArrayFile& file, const Network& network, FloatBuffer& raw);

/// A sentence for each mask or sign of the file that is in the values that `read_weights` gives, but that
/// training would not keep, since the network has none of its own.
std::vector<std::string> unkept_constraints(const ArrayFile& file, const Network& network);

/// What the user should be told of a file that has signs of units without the ratio that makes them count.
std::vector<std::string> missing_law(const ArrayFile& file, const Network& network);

/// A sentence for each matrix whose weights, as the file's own network uses them, are not those that this one
/// uses, since its connectivity or Dale's law is another.
std::vector<std::string> changed_weights(const ArrayFile& file, const Network& network);

/// Gives a document's section `network` the masks and Dale's law of a file of weights, where the section does
/// not speak of them itself, so that training keeps them.
void take_constraints(const ArrayFile& file, Json& network);
/// The same, and the number of units.
void take_network(const ArrayFile& file, Json& network);

/// The document with what `take_network` takes from the file of weights that its initializer names, where it
/// does. Throws a Failure where the file is not to be had or holds what no network has.
Json with_network_of_weights(Json document, const FileSource& files);
/// What the user should be told of that file.
std::vector<std::string> warnings_of_weights(const Json& document, const Network& network,
                                             const FileSource& files);

}  // namespace nullcline
