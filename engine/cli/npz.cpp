#include "engine/cli/npz.h"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{2} << 30;
constexpr std::int64_t most_members = 10000;
/// Deflate makes nothing smaller than this, so a member that claims more is not what it seems.
constexpr std::uint64_t most_compression = 1040;
constexpr std::string_view suffix = ".npy";

struct CloseMember {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

/// libzip's own failures while writing to memory: there are none but want of memory.
void demand(bool done) {
  if (!done) throw std::bad_alloc();
}

}  // namespace

struct NpzFile::Archive {
  std::unique_ptr<zip_t, DiscardArchive> zip;
};

NpzFile::NpzFile(const std::string& path) : ArrayFile(path), archive_(std::make_unique<Archive>()) {
  if (!std::filesystem::exists(path)) throw Failure({"not_found", path, path + " does not exist.", ""});
  if (std::filesystem::is_directory(path))
    throw Failure({"not_found", path, path + " is a folder, not a file.", ""});
  int error = 0;
  archive_->zip.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (archive_->zip == nullptr && (error == ZIP_ER_OPEN || error == ZIP_ER_READ))
    throw Failure({"not_found", path, path + " cannot be read.", "May you read it?"});
  if (archive_->zip == nullptr)
    bad_file(path, "is not a NumPy archive (.npz), or it is damaged.", "numpy.savez writes such archives.");
  list_members();
}

NpzFile::~NpzFile() = default;

void NpzFile::list_members() {
  zip_t* zip = archive_->zip.get();
  const zip_int64_t count = zip_get_num_entries(zip, 0);
  if (count > most_members)
    bad_file(name(), "holds " + std::to_string(count) + " arrays; at most 10000 are read.");
  std::uint64_t total = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    const auto index = static_cast<zip_uint64_t>(i);
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(zip, index, 0, &stat) != 0 || (stat.valid & needed) != needed)
      bad_file(name(), "is damaged: its list of arrays cannot be read.");
    std::string key = stat.name;
    if (key.size() < suffix.size() || key.substr(key.size() - suffix.size()) != suffix) continue;
    key.resize(key.size() - suffix.size());
    if (key.starts_with("/") || ("/" + key + "/").find("/../") != std::string::npos)
      bad_file(name(), "holds an array named " + shown(Json(key)) + ", which leads out of the file.");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      bad_file(name() + ": " + key, "is compressed by a method that NumPy does not use.");
    total += std::min(stat.size, most_bytes + 1);
    if (total > most_bytes) bad_file(name(), "unpacks to more than 2 GB.");
    if (stat.size > (stat.comp_size + 64) * most_compression)
      bad_file(name() + ": " + key, "claims to unpack to " + std::to_string(stat.size) + " bytes from " +
                                        std::to_string(stat.comp_size) + ", which cannot be.");
    if (members_.emplace(key, Member{index, stat.size}).second) keys_.push_back(key);
  }
}

std::string NpzFile::read(const std::string& key, std::uint64_t most) const {
  const Member& member = members_.at(key);
  const std::unique_ptr<zip_file_t, CloseMember> file(zip_fopen_index(archive_->zip.get(), member.index, 0));
  if (file == nullptr)
    bad_file(name() + ": " + key, "cannot be unpacked: the archive is damaged or encrypted.");
  std::string bytes(std::min(member.size, most), '\0');
  const zip_int64_t got = zip_fread(file.get(), bytes.data(), bytes.size());
  // One byte more than there should be makes libzip check that the member ends there, and its checksum.
  char beyond = 0;
  const bool whole = most < member.size || zip_fread(file.get(), &beyond, 1) == 0;
  if (got != static_cast<zip_int64_t>(bytes.size()) || !whole)
    bad_file(name() + ": " + key, "is damaged: it does not unpack to what the archive says.");
  return bytes;
}

std::string NpzFile::bytes(const std::string& key) const { return read(key, most_bytes); }

std::string NpzFile::beginning(const std::string& key, std::size_t most) const { return read(key, most); }

std::string write_npz(const std::vector<NamedArray>& arrays) {
  std::vector<std::string> files;
  for (const auto& [key, array] : arrays) files.push_back(write_npy(array));
  zip_error_t error;
  std::unique_ptr<zip_source_t, FreeSource> target(zip_source_buffer_create(nullptr, 0, 0, &error));
  demand(target != nullptr);
  std::unique_ptr<zip_t, DiscardArchive> zip(
      zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  demand(zip != nullptr);
  zip_source_keep(target.get());  // the archive would free it when it is closed
  for (std::size_t i = 0; i < files.size(); ++i) {
    zip_source_t* source = zip_source_buffer(zip.get(), files[i].data(), files[i].size(), 0);
    demand(source != nullptr);
    const std::string member = arrays[i].first + std::string(suffix);
    const zip_int64_t index = zip_file_add(zip.get(), member.c_str(), source, ZIP_FL_ENC_UTF_8);
    demand(index >= 0);
    constexpr zip_uint16_t no_time = 0, first_of_1980 = 1 << 5 | 1;
    demand(zip_set_file_compression(zip.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) == 0);
    demand(zip_file_set_dostime(zip.get(), static_cast<zip_uint64_t>(index), no_time, first_of_1980, 0) == 0);
  }
  demand(zip_close(zip.get()) == 0);
  static_cast<void>(zip.release());
  demand(zip_source_open(target.get()) == 0 && zip_source_seek(target.get(), 0, SEEK_END) == 0);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(target.get())), '\0');
  demand(zip_source_seek(target.get(), 0, SEEK_SET) == 0);
  demand(zip_source_read(target.get(), bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target.get());
  return bytes;
}

}  // namespace nullcline
