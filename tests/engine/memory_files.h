#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/memory_files.h"
#include "engine/session.h"

namespace nullcline::support {

/// A file of arrays in memory.
std::shared_ptr<const MemoryArrays> memory_file(std::string name, const std::vector<NamedArray>& arrays);

/// Files that a document can name, to which more can be added.
class MemoryFiles : public FileSource {
 public:
  void add(const std::string& name, const std::vector<NamedArray>& arrays);
  /// Inputs, targets and masks as a file of trials.
  void add_trials(const std::string& name, const Trials& trials);
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override;

 private:
  nullcline::MemoryFiles::Files files_;
};

NamedArray named_array(const std::string& key, const Shape& shape, std::vector<float> values);

}  // namespace nullcline::support
