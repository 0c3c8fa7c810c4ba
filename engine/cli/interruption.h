#pragma once

namespace nullcline {

/// From here on the first Ctrl-C (SIGINT) or SIGTERM is only noted; a second one ends the program at once.
/// That nobody reads standard output any more (SIGPIPE) ends nothing.
void note_interruptions();

/// True once the user, or the system, asked the program to stop.
bool interrupted();

}  // namespace nullcline
