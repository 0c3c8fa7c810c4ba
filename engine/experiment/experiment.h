#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/problem.h"
#include "engine/math/kernels.h"
#include "engine/networks/network.h"
#include "engine/tasks/task.h"
#include "engine/training/curriculum.h"
#include "engine/training/parameters.h"

namespace nullcline {

/// JSON Schema (2020-12) of the experiment document: everything that exists, with units, defaults, ranges and
/// help. Made anew, in its place, when a program has registered a type since.
const Json& describe();

/// An experiment, ready to run.
struct Experiment {
  /// The resolved document: every default written out.
  Json document;
  std::uint32_t seed = 1;
  Conventions conventions = Conventions::standard;
  /// Kernels of the arithmetic that the document asks for.
  const Kernels* kernels = nullptr;
  std::unique_ptr<Task> task;
  std::unique_ptr<Network> network;
  TrainingParameters training;
  /// Without stages when there is none.
  Curriculum curriculum;
};

/// Longest document that is read, in bytes.
constexpr std::size_t longest_document = std::size_t{16} << 20;

/// Parses JSON text. Problems are added, with line and column of a syntax error; the result is null then.
Json parse_document(const std::string& text, std::vector<Problem>& problems);

/// Parses JSON text of any length, nested as deep as a document may be; null where it is anything else. What
/// is nested deeper could not even be copied, which takes stack for every level.
Json parse_json(const std::string& text);

/// Validates the fields of a document and writes out its defaults, without a look at the files that it names
/// and at how its parts fit together. Problems are added.
Json resolve_fields(const Json& document, std::vector<Problem>& problems);

/// Validates a document and writes out its defaults; rules that join several fields included, and that
/// training with so many threads fits into memory. Problems are added. Files that the document names come
/// from `files`.
Json resolve_document(const Json& document, std::vector<Problem>& problems, int threads = 1,
                      const FileSource& files = no_files());

/// Makes the experiment of a resolved document that has no problems.
Experiment make_experiment(Json resolved, const FileSource& files = no_files());

/// The same with that task in place of the document's, and without its curriculum.
Experiment make_experiment(Json resolved, std::unique_ptr<Task> task, const FileSource& files = no_files());

/// Parse, resolve and make at once. Throws the first problem as a Failure.
Experiment read_experiment(const std::string& text, int threads = 1, const FileSource& files = no_files());

/// A problem where the trials of the task, or of a stage of the curriculum, never ask for an answer: such a
/// network can be simulated, but there is nothing to learn.
std::optional<Problem> nothing_to_learn(const Experiment& experiment);

/// Bytes that training takes with so many threads, about.
double training_bytes(const Experiment& experiment, int threads);

}  // namespace nullcline
