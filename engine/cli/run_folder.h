#pragma once

#include <string>
#include <vector>

#include "engine/experiment/state_file.h"
#include "engine/session.h"

namespace nullcline {

/// A folder that `train` writes a run into:
///   weights.npz      effective weights
///   state.npz        what the run needs to go on as if it had not been interrupted
///   losses.csv       the learning curve
///   experiment.json  the resolved document, which runs again as it is
///   history.json     how the run went: numerics, hash, learning curve, stages, metrics, checkpoints, seconds
///   files/           copies of the files that the document names, where they were not in the folder
///   checkpoints/     effective weights on the way, where the document asks for them
class RunFolder {
 public:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string file(const char* name) const;
  /// True when there is a run in the folder.
  bool has_run() const;

  /// Sets the session to where the saved run stands. Throws a Failure when there is none, or it is a run of
  /// another experiment, other files, or other arithmetic. The origin learns which weights it began with.
  void resume(RunOrigin& origin, Session& session) const;
  /// Seconds that the saved run has taken; 0 when that cannot be told.
  double seconds() const;

  /// Writes all files; `results` is added to history.json.
  void save(const RunOrigin& origin, const Session& session, double seconds, const Json& results) const;

  /// Copies a file into the folder under another name. Throws a Failure when that cannot be done.
  void copy_in(const std::string& path, const std::string& name) const;

  /// Removes what an earlier run has left under checkpoints/.
  void remove_checkpoints() const;
  /// Saves the effective weights of this iteration under checkpoints/; the file's name in the folder.
  std::string save_checkpoint(const Session& session) const;

 private:
  Json checkpoints() const;

  std::string path_;
};

}  // namespace nullcline
