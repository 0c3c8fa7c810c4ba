#include "engine/cli/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <thread>

#include "engine/cli/files.h"
#include "engine/cli/words.h"
#include "engine/experiment/schema.h"
#include "engine/experiment/trials_file.h"
#include "engine/experiment/weights_file.h"
#include "engine/tasks/given_trials.h"

namespace nullcline {

void warn(const std::string& sentence) {
  std::cerr << "nullcline: warning: " << printable(sentence) << std::endl;
}

int usual_threads() {
  constexpr unsigned most = 64;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, most));
}

void demand_memory(double bytes, const std::string& what) {
  const double there =
      1.0 * static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (there <= 0 || bytes <= there) return;
  throw Failure({"too_large", "",
                 what + " needs about " + shown(std::round(bytes / 1e8) / 10) +
                     " GB of memory; this machine has " + shown(std::round(there / 1e8) / 10) + " GB.",
                 "Fewer trials, steps or units need less."});
}

DocumentFile read_document(const std::string& path) {
  const std::string name = shown_path(path);
  std::vector<Problem> problems;
  Json document = parse_document(read_file(path, longest_document), problems);
  if (!problems.empty()) throw Problems(name, problems);
  const std::string folder = path == "-" ? "." : std::filesystem::path(path).parent_path().string();
  return {name, std::move(document), std::make_shared<FolderFiles>(folder)};
}

std::shared_ptr<const ArrayFile> FolderFiles::open(const std::string& name, const std::string& path) const {
  const std::filesystem::path relative(name);
  const bool climbs =
      std::any_of(relative.begin(), relative.end(), [](const auto& part) { return part == ".."; });
  if (name.empty() || relative.is_absolute() || climbs)
    throw Failure(
        {"not_allowed", path,
         path + " must name a file in the document's folder or below; found " + shown(Json(name)) + ".",
         "Files elsewhere can be given on the command line."});
  std::shared_ptr<const ArrayFile>& file = opened_[name];
  if (file == nullptr) file = open_arrays((std::filesystem::path(folder_) / relative).string());
  return file;
}

bool DocumentFile::gives(const char* section, const char* field) const {
  return document.is_object() && document.contains(section) && document[section].is_object() &&
         document[section].contains(field);
}

void DocumentFile::set(const char* section, const char* field, Json value) {
  if (!document.is_object()) return;
  if (!document.contains(section)) document[section] = Json::object();
  if (document[section].is_object()) document[section][field] = std::move(value);
}

void DocumentFile::take_network(const ArrayFile& weights) {
  if (!document.is_object() || !document.contains("network") || !document["network"].is_object()) return;
  nullcline::take_network(weights, document["network"]);
}

Json DocumentFile::resolved() const {
  std::vector<Problem> problems;
  Json resolved = resolve_document(document, problems, 1, *files);
  if (!problems.empty()) throw Problems(name, problems);
  return resolved;
}

Json DocumentFile::resolved_for_other_task() const {
  std::vector<Problem> problems;
  Json resolved = resolve_fields(with_network_of_weights(document, *files), problems);
  if (!problems.empty()) throw Problems(name, problems);
  return resolved;
}

std::unique_ptr<NpzFile> open_arrays(const std::string& path) {
  auto file = std::make_unique<NpzFile>(path);
  for (const std::string& sentence : file->warnings()) warn(sentence);
  return file;
}

std::unique_ptr<Task> task_of(const Trials& trials, const Json& resolved, int N_batch) {
  return given_trials(arrays_of(trials), resolved["task"]["dt"], resolved["task"]["tau"], N_batch);
}

void load_weights(const ArrayFile& file, Session& session) {
  const Network& network = *session.experiment().network;
  for (const std::string& sentence : missing_law(file, network)) warn(sentence);
  for (const std::string& sentence : changed_weights(file, network)) warn(sentence);
  session.trainer().set_weights(read_weights(file, network));
}

}  // namespace nullcline
