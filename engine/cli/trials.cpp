#include <iostream>

#include "engine/cli/commands.h"
#include "engine/cli/files.h"
#include "engine/cli/inputs.h"
#include "engine/cli/words.h"
#include "engine/experiment/trials_file.h"

namespace nullcline {

namespace {

Json read_params(const std::string& path) {
  std::vector<Problem> problems;
  Json params = parse_document(read_file(path, longest_document), problems);
  if (!problems.empty()) throw Problems(shown_path(path), problems);
  if (!params.is_array() || params.empty())
    throw Problems(shown_path(path),
                   {{"wrong_type", "params", "It must be a list with one object a trial.", ""}});
  return params;
}

TrialRequest request_of(const TrialsOptions& options, const Task& task) {
  TrialRequest request;
  request.noise = !options.no_noise;
  request.count = task.N_batch();
  if (!options.params.empty()) {
    request.params = read_params(options.params);
    request.count = static_cast<int>(request.params.size());
  }
  if (options.count) request.count = *options.count;
  return request;
}

/// What is wrong with given parameters is told with the name of their file.
Trials drawn(const Session& session, const TrialRequest& request, const std::string& params) {
  try {
    return session.draw(request);
  } catch (const Failure& failure) {
    if (params.empty()) throw;
    throw Problems(shown_path(params), {failure.problem()});
  }
}

}  // namespace

ExitStatus trials_command(const TrialsOptions& options) {
  const DocumentFile document = read_document(options.document);
  const Session session(make_experiment(document.resolved(), *document.files), 1);
  const Task& task = session.trainer().task();
  const TrialRequest request = request_of(options, task);
  const double values = 1.0 * request.count * task.N_steps() * (task.N_in() + 2.0 * task.N_out());
  demand_memory(4 * sizeof(float) * values, "Drawing " + counted(request.count, "trial"));
  const Trials trials = drawn(session, request, options.params);
  write_file(options.out, write_npz(trials_arrays(task, trials)));
  std::cout << "Drew " << counted(trials.count, "trial") << " of " << counted(trials.N_steps, "step")
            << (request.noise ? "" : " without noise") << "; they are in " << options.out << "." << std::endl;
  return ExitStatus::done;
}

}  // namespace nullcline
