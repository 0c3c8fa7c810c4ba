#include <utility>

#include "engine/tasks/fields.h"
#include "engine/tasks/registry.h"
#include "engine/tasks/two_alternatives.h"

namespace nullcline {

namespace {

/// Pairs of frequencies (Hz), the higher one first.
constexpr double pairs[][2] = {{18, 10}, {22, 14}, {26, 18}, {30, 22}, {34, 26}};
constexpr double lowest = 10, highest = 34, most_frequency = 100;

/// Names for the places in `TrialParameters`. Each of the first five is the time when that part begins.
enum : std::size_t { stimulus_1, delay, stimulus_2, decision, end, stim_noise, f1, f2, choice };

/// Adds the inputs of a stimulus: the first grows with its frequency from 0.4 to 1.2, the second falls.
void add_stimulus(double frequency, double* x) {
  x[0] += .4 + .8 * (frequency - lowest) / (highest - lowest);
  x[1] += .4 + .8 * (highest - frequency) / (highest - lowest);
}

/// 0: the first frequency is the higher one; 1: the second is.
double higher_of(const TrialParameters& trial) { return trial[f1] > trial[f2] ? 0 : 1; }

class DelayedDiscrimination final : public Task {
 public:
  explicit DelayedDiscrimination(const Json& parameters)
      : Task(2, 2, parameters),
        onset_time_(parameters["onset_time"]),
        stim_duration_1_(parameters["stim_duration_1"]),
        delay_duration_(parameters["delay_duration"]),
        stim_duration_2_(parameters["stim_duration_2"]),
        decision_duration_(parameters["decision_duration"]),
        stim_noise_(parameters["stim_noise"]) {}

  const std::vector<TrialParameter>& trial_parameters() const override {
    static const std::vector<TrialParameter> parameters = {
        time_parameter("stimulus_1", "When the first stimulus begins."),
        time_parameter("delay", "When the first stimulus ends and the delay begins."),
        time_parameter("stimulus_2", "When the second stimulus begins."),
        time_parameter("decision", "When the second stimulus ends and the decision is asked for."),
        time_parameter("end", "When the decision is no longer asked for."),
        stim_noise_parameter(),
        {"f1", "Hz", "Frequency of the first stimulus.", 0, most_frequency},
        {"f2", "Hz", "Frequency of the second stimulus.", 0, most_frequency},
        {"choice", "", "Which output is right: 0 when the first frequency is the higher one, else 1.", 0, 1,
         /*whole=*/true},
    };
    return parameters;
  }

  TrialParameters draw(Draws& draws) const override {
    // Every number is drawn whether it is used or not, so that fixing one parameter leaves the others as they
    // were.
    const double onset = given_or(onset_time_, draws.uniform() * T() / 8);
    const double first_end = onset + given_or(stim_duration_1_, draws.uniform() * T() / 4);
    const double second = first_end + given_or(delay_duration_, draws.uniform() * T() / 4);
    const double second_end = second + given_or(stim_duration_2_, draws.uniform() * T() / 4);
    const double answer_end = second_end + given_or(decision_duration_, draws.uniform() * T() / 8);
    const auto& [higher, lower] = pairs[draws.choice(5)];
    const int drawn_choice = draws.choice(2);
    return {onset,
            first_end,
            second,
            second_end,
            answer_end,
            stim_noise_,
            drawn_choice == 0 ? higher : lower,
            drawn_choice == 0 ? lower : higher,
            static_cast<double>(drawn_choice)};
  }

  void complete(const std::vector<bool>& given, TrialParameters& trial) const override {
    const bool frequency_given = given[f1] || given[f2];
    if (frequency_given && !given[choice]) trial[choice] = higher_of(trial);
    if (given[choice] && !frequency_given && trial[choice] != higher_of(trial))
      std::swap(trial[f1], trial[f2]);
  }

  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const double t = step * dt();
    if (within(t, trial[stimulus_1], trial[delay])) add_stimulus(trial[f1], moment.x);
    if (within(t, trial[stimulus_2], trial[decision])) add_stimulus(trial[f2], moment.x);
    if (within(t, trial[decision], trial[end])) {
      set_target(static_cast<std::size_t>(trial[choice]), moment.y);
      moment.mask[0] = moment.mask[1] = 1;
    }
  }

  double noise_deviation(const TrialParameters& trial) const override {
    return input_noise_deviation(trial[stim_noise], dt());
  }

  std::vector<Epoch> epochs(const TrialParameters& trial) const override {
    return epochs_until({{"fixation", trial[stimulus_1]},
                         {"stimulus 1", trial[delay]},
                         {"delay", trial[stimulus_2]},
                         {"stimulus 2", trial[decision]},
                         {"decision", trial[end]},
                         {"inter-trial", T()}});
  }

 private:
  // Null where drawn for each trial.
  Json onset_time_;
  Json stim_duration_1_;
  Json delay_duration_;
  Json stim_duration_2_;
  Json decision_duration_;
  double stim_noise_;
};

}  // namespace

TaskType delayed_discrimination() {
  return {"DelayedDiscrimination",
          type_schema(
              "DelayedDiscrimination", "Delayed discrimination",
              "Two vibrations, a delay between them; afterwards the network reports whether the first or the "
              "second had the higher frequency. The first input grows with the frequency, the second falls.",
              "Romo, Brody, Hernández & Lemus 1999; Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021",
              task_fields({
                  drawn_time_field("onset_time", "Stimulus onset",
                                   "When the first stimulus begins. Drawn: 0 to T/8."),
                  drawn_time_field("stim_duration_1", "First stimulus",
                                   "How long the first stimulus lasts. Drawn: 0 to T/4."),
                  drawn_time_field("delay_duration", "Delay", "Time between the stimuli. Drawn: 0 to T/4."),
                  drawn_time_field("stim_duration_2", "Second stimulus",
                                   "How long the second stimulus lasts. Drawn: 0 to T/4."),
                  drawn_time_field("decision_duration", "Decision",
                                   "How long the decision is asked for. Drawn: 0 to T/8."),
                  stim_noise_field(),
              })),
          [](const Json& parameters, const Context&) -> std::unique_ptr<Task> {
            return std::make_unique<DelayedDiscrimination>(parameters);
          }};
}

}  // namespace nullcline
