#include "engine/experiment/memory_files.h"

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

MemoryArrays::MemoryArrays(std::string name, Members members) : ArrayFile(std::move(name)) {
  for (auto& member : members)
    if (members_.emplace(member.first, std::move(member.second)).second) keys_.push_back(member.first);
}

std::shared_ptr<const ArrayFile> MemoryFiles::open(const std::string& name, const std::string& path) const {
  std::vector<std::string> names;
  for (const auto& file : files_) {
    if (file->name() == name) {
      opened_.insert(name);
      return file;
    }
    names.push_back(file->name());
  }
  if (name.empty())
    throw Failure({"no_file", path, path + " names no file; there is " + first_few(names) + ".",
                   "Choose one of these files, or add one."});
  const std::string near = nearest_name(name, names);
  throw Failure({"no_file", path,
                 path + " names the file " + shown(Json(name)) + ", which was not given; there is " +
                     first_few(names) + ".",
                 near.empty() ? "Give a file of that name." : "Is it \"" + near + "\" that was meant?"});
}

}  // namespace nullcline
