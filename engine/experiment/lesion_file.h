#pragma once

#include "engine/experiment/array_file.h"
#include "engine/simulation/lesion.h"

namespace nullcline {

/// Reads a file that holds one of `t_connectivity` (steps × N_rec × N_rec), `connectivity` (N_rec × N_rec)
/// and `units` (numbers of units, with an optional `window` [from, to) in ms), or units with a connectivity.
/// Throws a Failure that names file and key.
Lesion lesion_of(const ArrayFile& file, int N_rec);

}  // namespace nullcline
