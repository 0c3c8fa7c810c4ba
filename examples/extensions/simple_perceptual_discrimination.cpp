// A program with a task of its own: the simple task of PsychRNN's page "Define New Task", registered and
// trained.
#include <cmath>
#include <cstdio>

#include "engine/session.h"
#include "engine/tasks/fields.h"

namespace nullcline {

namespace {

constexpr double stim_noise = 0.1;
/// After the stimulus ends the target stays 0 this long (ms) before the choice is asked for.
constexpr double output_delay = 20;

/// Places in `TrialParameters`.
enum : std::size_t { coherence, direction };

/// Two noisy inputs in the middle half of the trial; afterwards the output of the stronger one must be 1.
class SimplePerceptualDiscrimination final : public Task {
 public:
  explicit SimplePerceptualDiscrimination(const Json& parameters) : Task(2, 2, parameters) {}

  const std::vector<TrialParameter>& trial_parameters() const override {
    static const std::vector<TrialParameter> parameters = {
        {"coherence", "", "How much stronger the stronger input is.", 0, 100},
        {"direction", "", "Which input is stronger: 0 or 1.", 0, 1, /*whole=*/true},
    };
    return parameters;
  }

  TrialParameters draw(Draws& draws) const override {
    const double drawn_coherence = draws.exponential(0.2);
    return {drawn_coherence, static_cast<double>(draws.choice(2))};
  }

  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const double time = step * dt();
    const auto stronger = static_cast<std::size_t>(trial[direction]);
    if (onset() < time && time < end()) {
      moment.x[stronger] = 1 + trial[coherence];
      moment.x[1 - stronger] = 1;
    }
    if (time > end() + output_delay) moment.y[stronger] = 1;
    moment.mask[0] = moment.mask[1] = time < end() ? 0 : 1;
  }

  double noise_deviation(const TrialParameters&) const override {
    return stim_noise * std::sqrt(2 * dt() / tau());
  }

  std::vector<Epoch> epochs(const TrialParameters&) const override {
    return epochs_until({{"fixation", onset()}, {"stimulus", end()}, {"response", T()}});
  }

 private:
  double onset() const { return T() / 4; }
  double end() const { return 3 * T() / 4; }
};

TaskType simple_perceptual_discrimination() {
  return {"SimplePD",
          type_schema("SimplePD", "Simple perceptual discrimination",
                      "Two noisy inputs; after they end the network reports which was the stronger.",
                      "Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021", task_fields({})),
          [](const Json& parameters, const Context&) -> std::unique_ptr<Task> {
            return std::make_unique<SimplePerceptualDiscrimination>(parameters);
          }};
}

void train() {
  register_task(simple_perceptual_discrimination());
  Session session(read_experiment(R"({
                    "nullcline": 1,
                    "task": {"type": "SimplePD", "dt": 10, "tau": 100, "T": 2000, "N_batch": 128},
                    "network": {"type": "Basic", "N_rec": 50},
                    "training": {"iterations": 300}
                  })"),
                  /*threads=*/2);
  while (session.trainer().progress().state != TrainingState::finished) {
    session.trainer().step({/*iterations=*/50});
    const Progress progress = session.trainer().progress();
    if (progress.problem) throw Failure(*progress.problem);
    std::printf("iteration %d of %d: loss %.4f\n", progress.iteration, progress.iterations,
                progress.history.back().loss);
  }
  const Accuracy accuracy = session.test(1000, 0).accuracy;
  std::printf("%.1f %% correct on %d fresh trials\n", 100 * accuracy.share(), accuracy.trials);
}

}  // namespace

}  // namespace nullcline

int main() {
  try {
    nullcline::train();
    return 0;
  } catch (const nullcline::Failure& failure) {
    std::fprintf(stderr, "%s %s\n", failure.what(), failure.problem().hint.c_str());
    return 1;
  }
}
