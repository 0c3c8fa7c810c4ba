#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace nullcline {

/// What is wrong, where, and what to do about it.
struct Problem {
  /// Stable identifier for programs, for example "out_of_range".
  std::string code;
  /// Path into the experiment document ("task.dt"), or a file and key; empty where there is none.
  std::string path;
  /// One sentence: what was found and what is allowed.
  std::string message;
  /// What to do; may be empty.
  std::string hint;
};

/// A problem that ends the call at hand. Thrown inside the engine only; the adapter and the command turn it
/// into a value.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Problem problem) : std::runtime_error(problem.message), problem_(std::move(problem)) {}
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

/// Throws the Failure "bad_file": what the file, or the array in it, is or holds.
[[noreturn]] inline void bad_file(const std::string& place, const std::string& what, std::string hint = {}) {
  throw Failure({"bad_file", place, place + " " + what, std::move(hint)});
}

}  // namespace nullcline
