#include "engine/tasks/fields.h"
#include "engine/tasks/registry.h"
#include "engine/tasks/two_alternatives.h"

namespace nullcline {

namespace {

constexpr double most_coherence = 100;
/// After the stimulus ends the target stays 0 this long (ms) before the choice is asked for.
constexpr double output_delay = 20;

/// Names for the places in `TrialParameters`.
enum : std::size_t { coherence, direction, stim_noise, onset_time, stim_duration };

class PerceptualDiscrimination final : public Task {
 public:
  PerceptualDiscrimination(const Json& parameters, Conventions conventions)
      : Task(2, 2, parameters),
        conventions_(conventions),
        coherence_(parameters["coherence"]),
        direction_(parameters["direction"]),
        onset_time_(parameters["onset_time"]),
        stim_duration_(parameters["stim_duration"]),
        stim_noise_(parameters["stim_noise"]) {}

  const std::vector<TrialParameter>& trial_parameters() const override {
    static const std::vector<TrialParameter> parameters = {
        {"coherence", "", "How much stronger the stronger input is.", 0, most_coherence},
        {"direction", "", "Which input is stronger: 0 or 1.", 0, 1, /*whole=*/true},
        stim_noise_parameter(),
        time_parameter("onset_time", "When the stimulus begins."),
        time_parameter("stim_duration", "How long the stimulus lasts."),
    };
    return parameters;
  }

  TrialParameters draw(Draws& draws) const override {
    // Every number is drawn whether it is used or not, so that fixing one parameter leaves the others as they
    // were.
    const double drawn_coherence = draw_coherence(draws);
    const double drawn_direction = given_or(direction_, draws.choice(2));
    const double onset = given_or(onset_time_, draws.uniform() * T() / 2);
    const double duration = given_or(stim_duration_, draws.uniform() * T() / 4 + T() / 8);
    return {drawn_coherence, drawn_direction, stim_noise_, onset, duration};
  }

  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const double t = step * dt();
    const double end = trial[onset_time] + trial[stim_duration];
    const auto chosen = static_cast<std::size_t>(trial[direction] != 0);
    if (trial[onset_time] < t && t < end) {
      moment.x[chosen] = 1 + trial[coherence];
      moment.x[1 - chosen] = 1;
    }
    if (t > end + output_delay) set_target(chosen, moment.y);
    moment.mask[0] = moment.mask[1] = t < end ? 0 : 1;
  }

  double noise_deviation(const TrialParameters& trial) const override {
    return input_noise_deviation(trial[stim_noise], dt());
  }

  std::vector<Epoch> epochs(const TrialParameters& trial) const override {
    const double end = trial[onset_time] + trial[stim_duration];
    return epochs_until({{"fixation", trial[onset_time]}, {"stimulus", end}, {"response", T()}});
  }

 private:
  double draw_coherence(Draws& draws) const {
    if (coherence_.is_number()) {
      draws.uniform();
      return coherence_.get<double>();
    }
    if (coherence_.is_array())
      return coherence_[static_cast<std::size_t>(draws.choice(static_cast<int>(coherence_.size())))];
    if (coherence_.is_object()) return draws.exponential(coherence_["exponential"]);
    if (conventions_ == Conventions::standard) return draws.exponential(0.2);
    constexpr double coherences[] = {.1, .3, .5, .7};
    return coherences[draws.choice(4)];
  }

  Conventions conventions_;
  // Null where drawn for each trial.
  Json coherence_;
  Json direction_;
  Json onset_time_;
  Json stim_duration_;
  double stim_noise_;
};

Json coherence_forms() {
  const Json value = number_form("one value", 0, most_coherence);
  Json list = {
      {"title", "one of a list"}, {"type", "array"}, {"items", value}, {"minItems", 1}, {"maxItems", 1000}};
  Json exponential = object_schema(
      "exponential with a mean", "Drawn for each trial from an exponential distribution.",
      {Field::number("exponential", 0.2, "Mean coherence.").above(0).at_most(most_coherence).required()});
  return Json::array({null_form("drawn for each trial"), value, list, exponential});
}

}  // namespace

TaskType perceptual_discrimination() {
  return {
      "PerceptualDiscrimination",
      type_schema(
          "PerceptualDiscrimination", "Perceptual discrimination",
          "Two noisy inputs; after they end the network reports which was the stronger.",
          "Britten, Shadlen, Newsome & Movshon 1992; Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021",
          task_fields({
              Field::any_of("coherence", nullptr, coherence_forms(),
                            "How much stronger the stronger input is. Drawn: exponential with mean 0.2, "
                            "or one of 0.1, 0.3, 0.5, 0.7 under PsychRNN's conventions.")
                  .title("Coherence"),
              Field::any_of("direction", nullptr,
                            {null_form("drawn for each trial"), integer_form("fixed", 0, 1)},
                            "Which input is the stronger one.")
                  .title("Direction")
                  .advanced(),
              drawn_time_field("onset_time", "Stimulus onset", "When the stimulus begins. Drawn: 0 to T/2."),
              drawn_time_field("stim_duration", "Stimulus duration",
                               "How long the stimulus lasts. Drawn: T/8 to 3T/8."),
              stim_noise_field(),
          })),
      [](const Json& parameters, const Context& context) -> std::unique_ptr<Task> {
        return std::make_unique<PerceptualDiscrimination>(parameters, context.conventions);
      }};
}

}  // namespace nullcline
