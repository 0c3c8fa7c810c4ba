#include "engine/cli/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "engine/experiment/problem.h"

namespace nullcline {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* code, const std::string& path, const std::string& what) {
  throw Failure({code, path, path + " " + what, ""});
}

/// The system's reason for what has just failed.
std::string reason() { return errno == 0 ? "" : std::string(": ") + std::strerror(errno); }

std::string read_stream(std::istream& stream, const std::string& name, std::size_t most) {
  std::string text;
  constexpr std::size_t piece = std::size_t{1} << 16;
  while (stream && text.size() <= most) {
    const std::size_t before = text.size();
    text.resize(before + piece);
    stream.read(text.data() + before, static_cast<std::streamsize>(piece));
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) fail("not_found", name, "cannot be read" + reason() + ".");
  if (text.size() > most)
    fail("too_large", name, "is longer than " + std::to_string(most) + " bytes; more is not read.");
  return text;
}

void write_stream(const std::string& path, const std::string& named, const std::string& bytes) {
  errno = 0;
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) fail("not_written", named, "cannot be written" + reason() + ".");
}

/// Takes a half-written file away, unless it has got its own name.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void rename(const fs::path& target, const std::string& named) {
    std::error_code error;
    fs::rename(path_, target, error);
    if (error) fail("not_written", named, "cannot be written: " + error.message() + ".");
    path_.clear();
  }

 private:
  fs::path path_;
};

}  // namespace

std::string shown_path(const std::string& path) { return path == "-" ? "standard input" : path; }

std::string read_file(const std::string& path, std::size_t most) {
  if (path == "-") return read_stream(std::cin, shown_path(path), most);
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) fail("not_found", path, "is a folder, not a file.");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) fail("not_found", path, "cannot be read" + reason() + ".");
  return read_stream(stream, path, most);
}

void write_file(const std::string& path, const std::string& bytes) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) fail("not_written", path, "is a folder, not a file.");
  // Devices and pipes are written to; a link stays a link.
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    return write_stream(path, path, bytes);
  const fs::path resolved = fs::weakly_canonical(path, ignored);
  const fs::path target = ignored || resolved.empty() ? fs::path(path) : resolved;
  fs::path beside = target;
  beside += std::string(".").append(std::to_string(::getpid())).append(".part");
  Temporary temporary(beside);
  write_stream(temporary.path().string(), path, bytes);
  temporary.rename(target, path);
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (fs::is_directory(path)) return;
  fail("not_written", path,
       error ? "cannot be made a folder: " + error.message() + "." : "is a file, not a folder.");
}

}  // namespace nullcline
