#include <iostream>

#include "engine/cli/commands.h"
#include "engine/cli/inputs.h"

namespace nullcline {

ExitStatus check_command(const CheckOptions& options) {
  std::cout << read_document(options.document).resolved().dump(2) << std::endl;
  return ExitStatus::done;
}

}  // namespace nullcline
