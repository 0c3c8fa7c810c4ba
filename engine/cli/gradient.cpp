#include <iostream>

#include "engine/cli/commands.h"
#include "engine/cli/evaluation.h"
#include "engine/cli/files.h"
#include "engine/cli/words.h"
#include "engine/experiment/weights_file.h"

namespace nullcline {

ExitStatus gradient_command(const EvaluationOptions& options) {
  const Evaluation evaluation = prepare_evaluation(options, Targets::needed);
  const BatchGradient gradient = evaluation.session->gradient(evaluation.trials);
  const ParameterLayout& layout = evaluation.session->experiment().network->layout();
  std::vector<NamedArray> arrays = {{"loss", {{}, std::vector<double>{gradient.loss}}},
                                    {"regularization", {{}, std::vector<double>{gradient.regularization}}}};
  add_block("gradient/", layout, gradient.raw, arrays);
  add_block("clipped/", layout, gradient.clipped, arrays);
  write_file(options.out, write_npz(arrays));
  std::cout << "Loss " << rounded(gradient.loss)
            << (gradient.regularization != 0 ? ", penalties " + rounded(gradient.regularization) + "," : "")
            << " on " << counted(evaluation.trials.count, "trial") << "; the gradient is in " << options.out
            << "." << std::endl;
  return ExitStatus::done;
}

}  // namespace nullcline
