#include "tests/engine/memory_files.h"

#include <utility>

namespace nullcline::support {

MemoryFile::MemoryFile(std::string name, const std::vector<NamedArray>& arrays) : ArrayFile(std::move(name)) {
  for (const auto& [key, array] : arrays) {
    keys_.push_back(key);
    bytes_[key] = write_npy(array);
  }
}

void MemoryFiles::add(const std::string& name, const std::vector<NamedArray>& arrays) {
  files_[name] = std::make_shared<MemoryFile>(name, arrays);
}

void MemoryFiles::add_trials(const std::string& name, const Trials& trials) {
  const auto shape = [&](int channels) {
    return Shape{static_cast<std::size_t>(trials.count), static_cast<std::size_t>(trials.N_steps),
                 static_cast<std::size_t>(channels)};
  };
  add(name, {named_array("x", shape(trials.N_in), trials.x), named_array("y", shape(trials.N_out), trials.y),
             named_array("mask", shape(trials.N_out), trials.mask)});
}

std::shared_ptr<const ArrayFile> MemoryFiles::open(const std::string& name, const std::string& path) const {
  const auto found = files_.find(name);
  if (found != files_.end()) return found->second;
  throw Failure({"no_such_file", path, path + ": there is no file " + name + ".", ""});
}

NamedArray named_array(const std::string& key, const Shape& shape, std::vector<float> values) {
  return {key, {shape, std::move(values)}};
}

}  // namespace nullcline::support
