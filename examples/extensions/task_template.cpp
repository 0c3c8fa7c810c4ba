// A task to copy: rename it, then change one part after the other. docs/extending.md says where the file
// goes.
//
// Angle memory: a direction is shown; after a delay, when a signal comes, the network must point there.
//   inputs    0, 1: cosine and sine of the direction while it is shown; 2: the signal to answer
//   outputs   0, 1: cosine and sine of the remembered direction, asked for from the signal on
#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/math/elementary.h"
#include "engine/tasks/fields.h"
#include "engine/tasks/task.h"

namespace nullcline {

namespace {

/// When the direction is shown (ms).
constexpr double onset = 100;
/// An answer this far from the direction (rad) is still correct.
constexpr double tolerance = std::numbers::pi / 5;

/// The numbers that describe one trial, by their places in `TrialParameters`. They are what `nullcline
/// trials` writes, and what a user may give instead of letting them be drawn.
enum : std::size_t { angle, stim_duration, delay_duration, stim_noise };

class AngleMemory final : public Task {
 public:
  /// `parameters` is the "task" of the experiment document, every default written out. The base class takes
  /// N_in, N_out, and dt, tau, T and N_batch from the document.
  explicit AngleMemory(const Json& parameters)
      : Task(3, 2, parameters),
        stim_duration_(parameters["stim_duration"]),
        delay_duration_(parameters["delay_duration"]),
        stim_noise_(parameters["stim_noise"]) {}

  /// Name, unit, meaning and range of each of the numbers above, in their order.
  const std::vector<TrialParameter>& trial_parameters() const override {
    static const std::vector<TrialParameter> parameters = {
        {"angle", "rad", "The direction.", 0, 2 * std::numbers::pi},
        time_parameter("stim_duration", "How long the direction is shown."),
        time_parameter("delay_duration", "How long it must be remembered."),
        stim_noise_parameter(),
    };
    return parameters;
  }

  /// Draws one trial. Draw every number, also one that the document gives: then giving it leaves the others
  /// as they were.
  TrialParameters draw(Draws& draws) const override {
    const double drawn_angle = 2 * std::numbers::pi * draws.uniform();
    const double drawn_delay = draws.uniform() * T() / 4;
    return {drawn_angle, stim_duration_, given_or(delay_duration_, drawn_delay), stim_noise_};
  }

  /// Input, target and mask at one time; all are 0 before. What the mask is 0 for is not trained.
  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const double time = step * dt();
    // The engine's own functions give the same numbers on every machine; those of <cmath> need not.
    const double direction[] = {cosine(trial[angle]), sine(trial[angle])};
    if (within(time, onset, onset + trial[stim_duration])) std::copy_n(direction, 2, moment.x);
    if (time < signal(trial)) return;
    moment.x[2] = 1;
    std::copy_n(direction, 2, moment.y);
    moment.mask[0] = moment.mask[1] = 1;
  }

  /// Noise on each input; this law keeps its effect on the network the same whatever dt is.
  double noise_deviation(const TrialParameters& trial) const override {
    return trial[stim_noise] * std::sqrt(2 * tau() / dt());
  }

  /// What the parts of the trial are called in plots, and when each ends.
  std::vector<Epoch> epochs(const TrialParameters& trial) const override {
    return epochs_until({{"fixation", onset},
                         {"stimulus", onset + trial[stim_duration]},
                         {"delay", signal(trial)},
                         {"response", T()}});
  }

  /// Whether an answer is correct. Leave this out where the network chooses one of the outputs: the largest
  /// mean output must then be that of the target.
  Score score(const Answer& answer, Conventions) const override {
    double product = 0, reported = 0, asked = 0;
    for (int channel = 0; channel < answer.N_out(); ++channel) {
      double output = 0, target = 0;
      for (int step = 0; step < answer.N_steps(); ++step) {
        output += answer.mask(step, channel) * answer.output(step, channel);
        target += answer.mask(step, channel) * answer.target(step, channel);
      }
      product += output * target;
      reported += output * output;
      asked += target * target;
    }
    if (asked == 0) return Score::no_choice_asked;
    return product > cosine(tolerance) * std::sqrt(reported * asked) ? Score::correct : Score::wrong;
  }

 private:
  static double signal(const TrialParameters& trial) {
    return onset + trial[stim_duration] + trial[delay_duration];
  }

  double stim_duration_;
  Json delay_duration_;  // null where drawn for each trial
  double stim_noise_;
};

}  // namespace

/// The entry in the registry: the name in the document, and the fields with their defaults, units, ranges and
/// help. Forms, validation, messages and `nullcline describe` are made from this.
TaskType angle_memory() {
  return {
      "AngleMemory",
      type_schema(
          "AngleMemory", "Angle memory", "A direction is shown; after a delay the network must point there.",
          "Funahashi, Bruce & Goldman-Rakic 1989",
          task_fields({
              time_field("stim_duration", 300, "Stimulus duration", "How long the direction is shown."),
              drawn_time_field("delay_duration", "Delay", "How long it must be remembered. Drawn: 0 to T/4."),
              stim_noise_field(),
          })),
      [](const Json& parameters, const Context&) -> std::unique_ptr<Task> {
        return std::make_unique<AngleMemory>(parameters);
      }};
}

}  // namespace nullcline
