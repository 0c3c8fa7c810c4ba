#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/experiment/array_file.h"
#include "engine/experiment/json.h"
#include "engine/session.h"

namespace nullcline {

/// What a run was given besides its document.
struct RunOrigin {
  /// File of the weights it started from; empty when they were drawn.
  std::string weights;
  /// Fingerprints of the files that its document names, by those names.
  std::map<std::string, std::string> files;
};

/// The arrays of a state file: what a run needs to go on as if it had not been interrupted (raw weights,
/// optimiser, counters, learning curve, curriculum), and by which it is known (document, arithmetic).
std::vector<NamedArray> state_arrays(const RunOrigin& origin, const Session& session);

/// Sets the session to where the saved run stands. Throws a Failure when it is a run of another experiment,
/// other files, or other arithmetic. The origin learns which weights it began with.
void restore_state(const ArrayFile& file, RunOrigin& origin, Session& session);

/// The measurements of a curriculum, one object each.
Json metrics_json(const CurriculumState& state);

}  // namespace nullcline
