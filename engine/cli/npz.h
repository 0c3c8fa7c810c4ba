#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/array_file.h"

namespace nullcline {

/// A .npz file that is there to be read: a zip archive of .npy files, stored or deflated. The file may come
/// from anybody: what it says of itself is checked before memory is taken for it.
class NpzFile final : public ArrayFile {
 public:
  /// Throws a Failure when the file cannot be opened, is no archive or is too large.
  explicit NpzFile(const std::string& path);
  ~NpzFile() override;

  const std::vector<std::string>& keys() const override { return keys_; }

 protected:
  std::string bytes(const std::string& key) const override;
  std::string beginning(const std::string& key, std::size_t most) const override;

 private:
  struct Member {
    std::uint64_t index;
    std::uint64_t size;
  };
  struct Archive;
  void list_members();
  std::string read(const std::string& key, std::uint64_t most) const;

  std::unique_ptr<Archive> archive_;
  std::vector<std::string> keys_;
  std::map<std::string, Member> members_;
};

/// The bytes of a .npz file. The same arrays give the same bytes.
std::string write_npz(const std::vector<NamedArray>& arrays);

}  // namespace nullcline
