#pragma once

#include <memory>
#include <string>

#include "engine/experiment/array_file.h"

namespace nullcline {

/// "standard" does what PsychRNN's documentation promises, "psychrnn" what its code does
/// (docs/conventions.md).
enum class Conventions { standard, psychrnn };

/// Where the files are that a document names: a folder for the command, what was dropped for the page.
class FileSource {
 public:
  FileSource() = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  virtual ~FileSource() = default;
  /// The file that the document names at `path`. Throws a Failure that names the path.
  virtual std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const = 0;
};

/// Where no file can be named.
const FileSource& no_files();

/// What the parts of an experiment are made in; valid only while they are made.
struct Context {
  Conventions conventions = Conventions::standard;
  const FileSource& files = no_files();
};

}  // namespace nullcline
