#include "engine/experiment/context.h"

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

class NoFiles final : public FileSource {
 public:
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override {
    const std::string named = name.empty() ? " names no file" : " names the file " + shown(Json(name));
    throw Failure({"no_file", path, path + named + ", and no files were given here.", ""});
  }
};

}  // namespace

const FileSource& no_files() {
  static const NoFiles none;
  return none;
}

}  // namespace nullcline
