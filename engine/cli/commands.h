#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nullcline {

/// What the program's exit status says.
enum ExitStatus { done = 0, run_failed = 1, bad_input = 2 };

// The subcommands, a file each, and what the user can tell each of them (command_line.cpp says it to the
// user). Paths are as the user wrote them; an empty one was not given.

struct DescribeOptions {
  std::string type;
  bool json = false;
};
ExitStatus describe_command(const DescribeOptions& options);

struct CheckOptions {
  std::string document;
};
ExitStatus check_command(const CheckOptions& options);

struct TrainOptions {
  std::string document;
  std::string out;
  std::string weights;
  std::string trials;
  std::optional<std::int64_t> iterations;
  int threads = 1;
  bool resume = false;
  bool json = false;
};
ExitStatus train_command(const TrainOptions& options);

struct TrialsOptions {
  std::string document;
  std::string out;
  std::string params;
  std::optional<int> count;
  bool no_noise = false;
};
ExitStatus trials_command(const TrialsOptions& options);

/// Files to run a network from as it is: what `simulate` and `gradient` take.
struct EvaluationOptions {
  std::string document;
  std::string weights;
  std::string trials;
  std::string out;
  /// Of `simulate` alone.
  std::string lesion;
  std::optional<int> autonomous;
  std::optional<int> count;
};
ExitStatus simulate_command(const EvaluationOptions& options);
ExitStatus gradient_command(const EvaluationOptions& options);

}  // namespace nullcline
