#include "tests/engine/memory_files.h"

#include <utility>

namespace nullcline::support {

std::shared_ptr<const MemoryArrays> memory_file(std::string name, const std::vector<NamedArray>& arrays) {
  MemoryArrays::Members members;
  for (const auto& [key, array] : arrays) members.emplace_back(key, write_npy(array));
  return std::make_shared<const MemoryArrays>(std::move(name), std::move(members));
}

void MemoryFiles::add(const std::string& name, const std::vector<NamedArray>& arrays) {
  files_.push_back(memory_file(name, arrays));
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
  return nullcline::MemoryFiles(files_).open(name, path);
}

NamedArray named_array(const std::string& key, const Shape& shape, std::vector<float> values) {
  return {key, {shape, std::move(values)}};
}

}  // namespace nullcline::support
