#pragma once

#include <chrono>

namespace nullcline {

/// GFLOP/s of `action`, which does `operations`, called again and again for that long.
template <class Action>
double rate(double operations, double milliseconds, Action action) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double done = 0, seconds = 0;
  do {
    action();
    done += operations;
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (seconds * 1000 < milliseconds);
  return done / seconds * 1e-9;
}

}  // namespace nullcline
