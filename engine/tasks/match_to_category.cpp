#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/math/elementary.h"
#include "engine/tasks/fields.h"
#include "engine/tasks/registry.h"

namespace nullcline {

namespace {

constexpr double full_turn = 2 * std::numbers::pi;
constexpr int most_channels = 4096;

/// Names for the places in `TrialParameters`.
enum : std::size_t { angle, category, onset_time, input_dur, output_dur, stim_noise };

std::vector<TrialParameter> parameters_for(int N_out) {
  return {
      {"angle", "rad", "Direction of the stimulus.", 0, full_turn},
      {"category", "", "Which output is right: the part of the circle that the angle lies in.", 0,
       N_out - 1.0, /*whole=*/true},
      time_parameter("onset_time", "When the stimulus begins."),
      time_parameter("input_dur", "How long the stimulus lasts."),
      time_parameter("output_dur", "How long the answer is asked for, from the end of the stimulus on."),
      stim_noise_parameter(),
  };
}

/// Angle between neighbouring input channels. PsychRNN's code spreads them over 0 to 2π with both ends, so
/// that its first and last channel are the same.
double channel_spacing(int N_in, Conventions conventions) {
  const int gaps = conventions == Conventions::psychrnn ? std::max(N_in - 1, 1) : N_in;
  return full_turn / gaps;
}

/// Response of a channel to a stimulus so far (rad) from its preferred direction: the normal density of
/// that, the short way around the circle.
double tuning(double distance) {
  if (distance > std::numbers::pi) distance -= full_turn;
  if (distance < -std::numbers::pi) distance += full_turn;
  return natural_exponential(-distance * distance / 2) / std::sqrt(full_turn);
}

class MatchToCategory final : public Task {
 public:
  MatchToCategory(const Json& parameters, Conventions conventions)
      : Task(parameters["N_in"], parameters["N_out"], parameters),
        trial_parameters_(parameters_for(N_out())),
        channel_spacing_(channel_spacing(N_in(), conventions)),
        category_width_(full_turn / N_out()),
        onset_time_(parameters["onset_time"]),
        input_dur_(parameters["input_dur"]),
        output_dur_(parameters["output_dur"]),
        stim_noise_(parameters["stim_noise"]) {}

  const std::vector<TrialParameter>& trial_parameters() const override { return trial_parameters_; }

  TrialParameters draw(Draws& draws) const override {
    const double drawn_angle = full_turn * draws.uniform();
    return {drawn_angle, category_of(drawn_angle), onset_time_, input_dur_, output_dur_, stim_noise_};
  }

  void complete(const std::vector<bool>& given, TrialParameters& trial) const override {
    if (given[angle] == given[category]) return;
    if (given[angle])
      trial[category] = category_of(trial[angle]);
    else  // the drawn angle keeps its place within its category
      trial[angle] += (trial[category] - category_of(trial[angle])) * category_width_;
  }

  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const double t = step * dt();
    const double input_end = trial[onset_time] + trial[input_dur];
    if (within(t, trial[onset_time], input_end))
      for (int channel = 0; channel < N_in(); ++channel)
        moment.x[channel] = tuning(channel * channel_spacing_ - trial[angle]);
    if (within(t, input_end, input_end + trial[output_dur])) {
      moment.y[static_cast<std::size_t>(trial[category])] = 1;
      std::fill_n(moment.mask, N_out(), 1.0);
    }
  }

  double noise_deviation(const TrialParameters& trial) const override {
    return trial[stim_noise] / (2 * dt());
  }

  std::vector<Epoch> epochs(const TrialParameters& trial) const override {
    const double input_end = trial[onset_time] + trial[input_dur];
    return epochs_until({{"fixation", trial[onset_time]},
                         {"stimulus", input_end},
                         {"response", input_end + trial[output_dur]},
                         {"inter-trial", T()}});
  }

 private:
  /// Which of the N_out equal parts of the circle the angle lies in; 2π is 0.
  double category_of(double direction) const {
    return static_cast<int>(direction / category_width_) % N_out();
  }

  std::vector<TrialParameter> trial_parameters_;
  double channel_spacing_;
  double category_width_;
  double onset_time_;
  double input_dur_;
  double output_dur_;
  double stim_noise_;
};

}  // namespace

TaskType match_to_category() {
  return {
      "MatchToCategory",
      type_schema("MatchToCategory", "Match to category",
                  "A direction is shown to a ring of inputs, each tuned to a direction of its own; "
                  "afterwards the output of the part of the circle that it lies in must be 1, the others 0.",
                  "Freedman & Assad 2006; Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021",
                  task_fields({
                      Field::integer("N_in", 16, "Inputs, whose preferred directions go around the circle.")
                          .title("Input channels")
                          .circular()
                          .unit("channels")
                          .at_least(1)
                          .at_most(most_channels),
                      Field::integer("N_out", 2, "Categories: equal parts of the circle, an output each.")
                          .title("Categories")
                          .circular()
                          .unit("categories")
                          .at_least(1)
                          .at_most(most_channels),
                      time_field("onset_time", 200, "Stimulus onset", "When the stimulus begins."),
                      time_field("input_dur", 1000, "Stimulus duration", "How long the stimulus lasts."),
                      time_field("output_dur", 800, "Response duration",
                                 "How long the answer is asked for, from the end of the stimulus on."),
                      stim_noise_field(),
                  })),
      [](const Json& parameters, const Context& context) -> std::unique_ptr<Task> {
        return std::make_unique<MatchToCategory>(parameters, context.conventions);
      }};
}

}  // namespace nullcline
