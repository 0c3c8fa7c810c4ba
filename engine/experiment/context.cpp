#include "engine/experiment/context.h"

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

class NoFiles final : public FileSource {
 public:
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override {
    throw Failure({"no_file", path,
                   path + " names the file " + shown(Json(name)) + ", and no files were given here.", ""});
  }
};

}  // namespace

const FileSource& no_files() {
  static const NoFiles none;
  return none;
}

}  // namespace nullcline
