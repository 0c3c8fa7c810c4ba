#include "engine/cli/interruption.h"

#include <csignal>

namespace nullcline {

namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note(int /*signal*/) { noted = 1; }

}  // namespace

void note_interruptions() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

bool interrupted() { return noted != 0; }

}  // namespace nullcline
