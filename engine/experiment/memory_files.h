#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/array_file.h"
#include "engine/experiment/context.h"

namespace nullcline {

/// A file of arrays that is in memory, each array as its key and its .npy file.
class MemoryArrays final : public ArrayFile {
 public:
  using Members = std::vector<std::pair<std::string, std::string>>;

  /// Of members with the same key, the first is there.
  MemoryArrays(std::string name, Members members);

  const std::vector<std::string>& keys() const override { return keys_; }

 protected:
  std::string bytes(const std::string& key) const override { return members_.at(key); }

 private:
  std::vector<std::string> keys_;
  std::map<std::string, std::string> members_;
};

/// Files that were given under the names that a document uses.
class MemoryFiles final : public FileSource {
 public:
  using Files = std::vector<std::shared_ptr<const MemoryArrays>>;

  explicit MemoryFiles(Files files) : files_(std::move(files)) {}

  const Files& files() const { return files_; }
  /// Names of those that were asked for.
  const std::set<std::string>& opened() const { return opened_; }
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override;

 private:
  Files files_;
  mutable std::set<std::string> opened_;
};

}  // namespace nullcline
