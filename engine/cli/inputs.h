#pragma once

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/cli/npz.h"
#include "engine/experiment/experiment.h"
#include "engine/session.h"

namespace nullcline {

/// Everything that is wrong with a document at once.
class Problems : public std::exception {
 public:
  Problems(std::string document, std::vector<Problem> problems)
      : document_(std::move(document)), problems_(std::move(problems)) {}
  const char* what() const noexcept override { return problems_.front().message.c_str(); }
  /// What messages call the document.
  const std::string& document() const { return document_; }
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::string document_;
  std::vector<Problem> problems_;
};

/// The files that a document names, in the document's folder or below.
class FolderFiles final : public FileSource {
 public:
  explicit FolderFiles(std::string folder) : folder_(std::move(folder)) {}
  std::shared_ptr<const ArrayFile> open(const std::string& name, const std::string& path) const override;

  const std::string& folder() const { return folder_; }
  /// Puts a file from elsewhere under a name.
  void give(const std::string& name, std::shared_ptr<const ArrayFile> file) {
    opened_[name] = std::move(file);
  }
  /// The files that were asked for, by the names that the document gives them.
  const std::map<std::string, std::shared_ptr<const ArrayFile>>& opened() const { return opened_; }

 private:
  std::string folder_;
  /// Files that were opened already, so that each is read and warned of once.
  mutable std::map<std::string, std::shared_ptr<const ArrayFile>> opened_;
};

/// An experiment document as the user wrote it, with what the command line adds.
struct DocumentFile {
  std::string name;
  Json document;
  std::shared_ptr<FolderFiles> files;

  /// Gives the network the number of units, the masks and Dale's law of the weights, where the document does
  /// not speak of them.
  void take_network(const ArrayFile& weights);
  /// True when the document gives the field "section.field".
  bool gives(const char* section, const char* field) const;
  /// Sets "section.field", where the section is an object.
  void set(const char* section, const char* field, Json value);
  /// The resolved document. Throws Problems.
  Json resolved() const;
  /// The same for an experiment whose task is another one, so that only the fields are looked at.
  Json resolved_for_other_task() const;
};

/// Reads a document; "-" is standard input. Throws Problems when it is not JSON.
DocumentFile read_document(const std::string& path);

/// Opens a file of arrays; warns of what is in it that is never read.
std::unique_ptr<NpzFile> open_arrays(const std::string& path);

/// The task that given trials are, with the document's dt and tau.
std::unique_ptr<Task> task_of(const Trials& trials, const Json& resolved, int N_batch);

/// Makes the weights of a file those that the session starts from.
void load_weights(const ArrayFile& file, Session& session);

/// Refuses what would need more memory than this machine has; `what` begins the sentence.
void demand_memory(double bytes, const std::string& what);

/// Threads to use when the user does not say.
int usual_threads();

/// A sentence on standard error that does not end the command.
void warn(const std::string& sentence);

}  // namespace nullcline
