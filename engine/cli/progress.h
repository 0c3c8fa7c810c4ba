#pragma once

#include <memory>

#include "engine/training/trainer.h"

namespace nullcline {

/// Shows how training goes, on standard output.
class Display {
 public:
  virtual ~Display() = default;
  /// Called after each iteration, `seconds` after training began.
  virtual void show(const Progress& progress, double seconds) = 0;
  /// Leaves the place for what is printed next.
  virtual void end() {}
};

/// How to show it: one line that is redrawn on a terminal, a few plain lines elsewhere, one JSON object a
/// line for machines.
std::unique_ptr<Display> make_display(bool json, int loss_epoch, const Progress& start);

}  // namespace nullcline
