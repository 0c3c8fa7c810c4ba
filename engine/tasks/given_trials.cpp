#include "engine/tasks/given_trials.h"

#include <algorithm>

namespace nullcline {

namespace {

class GivenTrials final : public Task {
 public:
  GivenTrials(TrialArrays trials, double dt, double tau, int N_batch)
      : Task(trials.N_in, trials.N_out, trials.N_steps, dt, tau, N_batch),
        trials_(std::move(trials)),
        parameters_{
            {"index", "", "Number of the trial in its file.", 0, trials_.count - 1.0, /*whole=*/true}} {}

  const std::vector<TrialParameter>& trial_parameters() const override { return parameters_; }

  TrialParameters draw(Draws& draws) const override {
    const std::uint64_t place =
        static_cast<std::uint64_t>(draws.iteration()) * static_cast<std::uint64_t>(N_batch());
    return {static_cast<double>((place + draws.trial()) % static_cast<std::uint64_t>(trials_.count))};
  }

  void at(int step, const TrialParameters& trial, Moment moment) const override {
    const auto row = static_cast<std::ptrdiff_t>(trial[0]) * N_steps() + step;
    std::copy_n(trials_.x.begin() + row * N_in(), N_in(), moment.x);
    std::copy_n(trials_.y.begin() + row * N_out(), N_out(), moment.y);
    std::copy_n(trials_.mask.begin() + row * N_out(), N_out(), moment.mask);
  }

  double noise_deviation(const TrialParameters&) const override { return 0; }

  std::vector<Epoch> epochs(const TrialParameters&) const override { return {}; }

 private:
  TrialArrays trials_;
  std::vector<TrialParameter> parameters_;
};

}  // namespace

std::unique_ptr<Task> given_trials(TrialArrays trials, double dt, double tau, int N_batch) {
  return std::make_unique<GivenTrials>(std::move(trials), dt, tau, N_batch);
}

}  // namespace nullcline
