#include <iostream>
#include <new>

#include "engine/cli/command_line.h"
#include "engine/cli/inputs.h"
#include "engine/cli/words.h"

namespace nullcline {

namespace {

void tell(const std::string& message, const std::string& hint = {}) {
  std::cerr << "nullcline: " << printable(message + (hint.empty() ? "" : " " + hint)) << std::endl;
}

/// Where all failures end up: as a sentence on standard error and an exit status.
ExitStatus run_and_tell(int count, const char* const* words) {
  try {
    return run_command_line(count, words);
  } catch (const Problems& problems) {
    for (const Problem& problem : problems.problems())
      tell(problems.document() + ": " + problem.message, problem.hint);
    return ExitStatus::bad_input;
  } catch (const Failure& failure) {
    const Problem& problem = failure.problem();
    tell(problem.message, problem.hint);
    return problem.code == "not_written" ? ExitStatus::run_failed : ExitStatus::bad_input;
  } catch (const std::bad_alloc&) {
    tell("There is not enough memory.", "Fewer trials, steps or units need less.");
  } catch (const std::exception& error) {
    tell(std::string("Something went wrong that should not have: ") + error.what() + ".");
  }
  return ExitStatus::run_failed;
}

}  // namespace

}  // namespace nullcline

int main(int count, char** words) { return nullcline::run_and_tell(count, words); }
