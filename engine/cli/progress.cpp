#include "engine/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>

#include "engine/cli/words.h"
#include "engine/experiment/json.h"

namespace nullcline {

namespace {

/// What a display remembers of the moment when it was made: progress holds references that go on.
struct Start {
  explicit Start(const Progress& progress)
      : iteration(progress.iteration), trials(progress.trials), points(progress.history.size()) {}
  int iteration;
  std::int64_t trials;
  std::size_t points;

  double rate(const Progress& now, double seconds) const {
    return seconds > 0 ? static_cast<double>(now.trials - trials) / seconds : 0;
  }
  double seconds_left(const Progress& now, double seconds) const {
    const int done = now.iteration - iteration;
    return done > 0 ? seconds / done * (now.iterations - now.iteration) : 0;
  }
};

/// " 54 of 391", as wide at the beginning of a run as at its end.
std::string place_of(const Progress& progress) {
  const std::string total = std::to_string(progress.iterations);
  const std::string done = std::to_string(progress.iteration);
  return std::string(total.size() - std::min(total.size(), done.size()), ' ') + done + " of " + total;
}

/// "stage 2 of 3"; empty without a curriculum.
std::string stage_of(const Progress& progress) {
  if (progress.stages == 0) return "";
  return "stage " + std::to_string(std::min(progress.stage + 1, progress.stages)) + " of " +
         std::to_string(progress.stages);
}

std::string padded(std::string number) {
  constexpr std::size_t width = 7;
  number.resize(std::max(width, number.size()), ' ');
  return number;
}

/// One line, redrawn at most ten times a second.
class TerminalDisplay final : public Display {
 public:
  explicit TerminalDisplay(const Progress& start) : start_(start) {}

  void show(const Progress& progress, double seconds) override {
    constexpr double pause = 0.1;
    if (shown_ && seconds < next_ && progress.iteration < progress.iterations) return;
    next_ = seconds + pause;
    shown_ = true;
    std::cout << '\r' << fitted(progress, seconds) << "\x1b[K" << std::flush;
  }

  void end() override {
    if (shown_) std::cout << "\r\x1b[K" << std::flush;
  }

 private:
  /// As many parts, in order of importance, as the line has room for.
  std::string fitted(const Progress& progress, double seconds) const {
    const double share = progress.iterations > 0 ? 1.0 * progress.iteration / progress.iterations : 1;
    const double accuracy = progress.history.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                     : progress.history.back().accuracy;
    const std::string parts[] = {
        place_of(progress),
        "loss " + padded(rounded(progress.batch_loss)),
        std::isnan(accuracy) ? "" : "accuracy " + percent(accuracy),
        stage_of(progress),
        duration(std::ceil(start_.seconds_left(progress, seconds))) + " left",
        std::to_string(std::llround(start_.rate(progress, seconds))) + " trials/s",
    };
    const std::size_t room = terminal_columns();
    std::string line = bar(share);
    for (const std::string& part : parts)
      if (!part.empty() && width_of(line) + 2 + part.size() < room) line += "  " + part;
    return line;
  }

  static std::string bar(double share) {
    constexpr int width = 10;
    const int full = std::clamp(static_cast<int>(share * width), 0, width);
    std::string text;
    for (int i = 0; i < width; ++i) text += i < full ? "━" : "─";
    return text;
  }

  Start start_;
  double next_ = 0;
  bool shown_ = false;
};

/// A line at recorded losses, a few dozen in all.
class PlainDisplay final : public Display {
 public:
  PlainDisplay(const Progress& start, int loss_epoch) : start_(start), shown_(start_.points) {
    constexpr int most_lines = 30;
    const int points = (start.iterations - start.iteration) / std::max(1, loss_epoch);
    stride_ = std::max(1, (points + most_lines - 1) / most_lines);
  }

  void show(const Progress& progress, double seconds) override {
    const std::size_t points = progress.history.size();
    if (points == shown_) return;
    shown_ = points;
    const bool last = progress.iteration == progress.iterations;
    if ((points - start_.points) % static_cast<std::size_t>(stride_) != 0 && !last) return;
    const HistoryPoint& point = progress.history.back();
    std::string line = "iteration " + place_of(progress) + "  loss " + padded(rounded(point.loss));
    if (!std::isnan(point.accuracy)) line += "  accuracy " + percent(point.accuracy);
    if (progress.stages > 0) line += "  " + stage_of(progress);
    line += "  " + std::to_string(std::llround(start_.rate(progress, seconds))) + " trials/s";
    if (!last) line += "  " + duration(start_.seconds_left(progress, seconds)) + " left";
    std::cout << line << std::endl;
  }

 private:
  Start start_;
  std::size_t shown_;
  int stride_ = 1;
};

/// One object a line at each recorded loss.
class JsonDisplay final : public Display {
 public:
  explicit JsonDisplay(const Progress& start) : start_(start), shown_(start_.points) {}

  void show(const Progress& progress, double seconds) override {
    if (progress.history.size() == shown_) return;
    shown_ = progress.history.size();
    const HistoryPoint& point = progress.history.back();
    Json line = {{"event", "progress"},
                 {"iteration", point.iteration},
                 {"iterations", progress.iterations},
                 {"trials", progress.trials},
                 {"loss", point.loss},
                 {"accuracy", point.accuracy},
                 {"seconds", seconds},
                 {"trials_per_second", start_.rate(progress, seconds)}};
    if (progress.stages > 0) line["stage"] = progress.stage;
    std::cout << line.dump() << std::endl;
  }

 private:
  Start start_;
  std::size_t shown_;
};

}  // namespace

std::unique_ptr<Display> make_display(bool json, int loss_epoch, const Progress& start) {
  if (json) return std::make_unique<JsonDisplay>(start);
  if (terminal_columns() > 0) return std::make_unique<TerminalDisplay>(start);
  return std::make_unique<PlainDisplay>(start, loss_epoch);
}

}  // namespace nullcline
