#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/experiment/array_file.h"
#include "engine/experiment/context.h"
#include "engine/session.h"

namespace nullcline::support {

/// A file of arrays in memory.
class MemoryFile : public ArrayFile {
 public:
  MemoryFile(std::string name, const std::vector<NamedArray>& arrays);
  const std::vector<std::string>& keys() const override { return keys_; }

 protected:
  std::string bytes(const std::string& key) const override { return bytes_.at(key); }

 private:
  std::vector<std::string> keys_;
  std::map<std::string, std::string> bytes_;
};

/// Files that a document can name.
class MemoryFiles : public FileSource {
 public:
  void add(const std::string& name, const std::vector<NamedArray>& arrays);
  /// Inputs, targets and masks as a file of trials.
  void add_trials(const std::string& name, const Trials& trials);
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override;

 private:
  std::map<std::string, std::shared_ptr<const ArrayFile>> files_;
};

NamedArray named_array(const std::string& key, const Shape& shape, std::vector<float> values);

}  // namespace nullcline::support
