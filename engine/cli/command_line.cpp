#include "engine/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "engine/cli/inputs.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

/// What the user's words ask for. It is done when all of them have been read.
struct CommandLine {
  DescribeOptions describe;
  CheckOptions check;
  TrainOptions train;
  TrialsOptions trials;
  EvaluationOptions simulate;
  EvaluationOptions gradient;
  std::function<ExitStatus()> action;
};

constexpr int most_threads = 256;
constexpr int most_trials = 1000000;

void add_document(CLI::App& command, std::string& document) {
  command.add_option("EXPERIMENT", document, "Experiment document (JSON); - reads standard input")
      ->required()
      ->type_name("");
}

CLI::Option* add_file(CLI::App& command, const char* flag, std::string& path, const char* name,
                      const char* help) {
  return command.add_option(flag, path, help)->type_name(name);
}

void add_describe(CLI::App& program, CommandLine& line) {
  CLI::App* command = program.add_subcommand("describe", "Tell what exists: fields, defaults, ranges, units");
  command
      ->add_option("TYPE", line.describe.type,
                   "A task, a network, …, or a section of the document such as training")
      ->type_name("");
  command->add_flag("--json", line.describe.json, "Print the JSON Schema");
  command->callback([&] { line.action = [&] { return describe_command(line.describe); }; });
}

void add_check(CLI::App& program, CommandLine& line) {
  CLI::App* command =
      program.add_subcommand("check", "Validate an experiment; print it with every default written out");
  add_document(*command, line.check.document);
  command->callback([&] { line.action = [&] { return check_command(line.check); }; });
}

void add_train(CLI::App& program, CommandLine& line) {
  TrainOptions& options = line.train;
  options.threads = usual_threads();
  CLI::App* command = program.add_subcommand("train", "Train a network and save the run");
  add_document(*command, options.document);
  add_file(*command, "--out", options.out, "DIR", "Folder to write the run into")->required();
  CLI::Option* weights =
      add_file(*command, "--weights", options.weights, "W.npz", "Start from these weights");
  add_file(*command, "--trials", options.trials, "T.npz", "Learn these trials instead of the task's");
  command->add_option("--iterations", options.iterations, "Updates in all, instead of the document's number")
      ->type_name("K");
  command->add_option("--threads", options.threads, "Threads; any number of them gives the same weights")
      ->check(CLI::Range(1, most_threads).description(""))
      ->capture_default_str()
      ->type_name("N");
  command->add_flag("--resume", options.resume, "Go on with the run that is in DIR")->excludes(weights);
  command->add_flag("--json", options.json, "Tell the progress in JSON, one object a line");
  command->callback([&] { line.action = [&] { return train_command(line.train); }; });
}

void add_trials(CLI::App& program, CommandLine& line) {
  TrialsOptions& options = line.trials;
  CLI::App* command = program.add_subcommand("trials", "Draw trials of a task, or make them from parameters");
  add_document(*command, options.document);
  add_file(*command, "--out", options.out, "T.npz", "File to write")->required();
  command->add_option("--count", options.count, "How many; otherwise as many as one iteration trains on")
      ->check(CLI::Range(1, most_trials).description(""))
      ->type_name("B");
  add_file(*command, "--params", options.params, "P.json", "List with one object of parameters a trial");
  command->add_flag("--no-noise", options.no_noise, "Leave the noise on the inputs out");
  command->callback([&] { line.action = [&] { return trials_command(line.trials); }; });
}

void add_simulate(CLI::App& program, CommandLine& line) {
  EvaluationOptions& options = line.simulate;
  CLI::App* command = program.add_subcommand("simulate", "Run a network on trials");
  add_document(*command, options.document);
  add_file(*command, "--weights", options.weights, "W.npz", "Weights of the network")->required();
  add_file(*command, "--trials", options.trials, "T.npz",
           "Trials: x and, if wanted, y, mask, noise; otherwise those that `nullcline trials` draws");
  add_file(*command, "--lesion", options.lesion, "L.npz",
           "Connections to take away: t_connectivity, connectivity, or units with an optional window");
  constexpr int most_steps = 1000000;
  command
      ->add_option("--autonomous", options.autonomous,
                   "Run so many steps without any input instead of trials")
      ->check(CLI::Range(1, most_steps).description(""))
      ->excludes("--trials")
      ->type_name("STEPS");
  command
      ->add_option("--count", options.count,
                   "Trials to draw, or runs without input; otherwise a batch, or one")
      ->check(CLI::Range(1, most_trials).description(""))
      ->excludes("--trials")
      ->type_name("B");
  add_file(*command, "--out", options.out, "S.npz", "File to write")->required();
  command->callback([&] { line.action = [&] { return simulate_command(line.simulate); }; });
}

void add_gradient(CLI::App& program, CommandLine& line) {
  EvaluationOptions& options = line.gradient;
  CLI::App* command = program.add_subcommand("gradient", "Evaluate loss and gradient of one batch");
  add_document(*command, options.document);
  add_file(*command, "--weights", options.weights, "W.npz", "Weights to evaluate them at")->required();
  add_file(*command, "--trials", options.trials, "T.npz", "The batch: x, y, mask and, if wanted, noise")
      ->required();
  add_file(*command, "--out", options.out, "G.npz", "File to write")->required();
  command->callback([&] { line.action = [&] { return gradient_command(line.gradient); }; });
}

std::string version_text() {
  std::string text =
      "nullcline " NULLCLINE_VERSION " (numerics version " + std::to_string(numerics_version) + ")";
  for (const Arithmetic arithmetic : {Arithmetic::fused, Arithmetic::plain})
    if (const Kernels* kernels = find_kernels(arithmetic))
      text += std::string("\n") + to_string(arithmetic) + " arithmetic: " + kernels->instruction_set;
  return text;
}

void add_commands(CLI::App& program, CommandLine& line) {
  program.set_version_flag("--version", version_text());
  program.footer("Exit status: 0 done; 1 the run failed or was stopped; 2 bad input.");
  add_describe(program, line);
  add_check(program, line);
  add_train(program, line);
  add_trials(program, line);
  add_simulate(program, line);
  add_gradient(program, line);
}

/// A command that does not exist deserves a better answer than CLI11's, which takes it for an argument.
void demand_command(const CLI::App& program, const std::string& word) {
  if (word.substr(0, 1) == "-") return;
  std::vector<std::string> known;
  std::string list;
  for (const CLI::App* command : program.get_subcommands({})) {
    known.push_back(command->get_name());
    list += (list.empty() ? "" : ", ") + known.back();
  }
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  const std::string near = nearest_name(word, known);
  throw Failure({"not_allowed", word,
                 "There is no command " + shown(Json(word)) + "; there are " + list + ".",
                 near.empty() ? "" : "Did you mean \"" + near + "\"?"});
}

[[noreturn]] void fail(const CLI::App& program, const CLI::ParseError& error) {
  std::string command = "nullcline";
  for (const CLI::App* chosen : program.get_subcommands()) command += " " + chosen->get_name();
  throw Failure({"bad_command_line", "", std::string(error.what()) + ".", "See `" + command + " --help`."});
}

}  // namespace

ExitStatus run_command_line(int count, const char* const* words) {
  CLI::App program("Trains recurrent networks on cognitive tasks.", "nullcline");
  CommandLine line;
  add_commands(program, line);
  if (count < 2) {
    std::cerr << program.help();
    return ExitStatus::bad_input;
  }
  demand_command(program, words[1]);
  try {
    program.parse(count, words);
  } catch (const CLI::Success& request) {  // the user asked for help, or for the version
    program.exit(request, std::cout, std::cerr);
    return ExitStatus::done;
  } catch (const CLI::ParseError& error) {
    fail(program, error);
  }
  return line.action ? line.action() : ExitStatus::done;
}

}  // namespace nullcline
