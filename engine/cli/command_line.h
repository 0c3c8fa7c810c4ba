#pragma once

#include "engine/cli/commands.h"

namespace nullcline {

/// Reads the command line and does what it asks for. Throws a Failure when it cannot be read.
ExitStatus run_command_line(int count, const char* const* words);

}  // namespace nullcline
