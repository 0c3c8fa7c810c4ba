#include "engine/tasks/given_trials.h"

#include <algorithm>

#include "engine/experiment/trials_file.h"
#include "engine/tasks/fields.h"
#include "engine/tasks/registry.h"

namespace nullcline {

namespace {

class GivenTrials final : public Task {
 public:
  GivenTrials(TrialArrays trials, double dt, double tau, int N_batch)
      : Task(trials.N_in, trials.N_out, trials.N_steps, dt, tau, N_batch),
        trials_(std::move(trials)),
        parameters_{
            {"index", "", "Number of the trial in its file.", 0, trials_.count - 1.0, /*whole=*/true}} {}

  int given_trials() const override { return trials_.count; }

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

void demand_answers(const std::vector<float>& mask, const std::string& place) {
  const auto negative = std::find_if(mask.begin(), mask.end(), [](float weight) { return weight < 0; });
  if (negative != mask.end())
    throw Failure({"out_of_range", place,
                   place + " must be 0 or more everywhere; found " + shown(static_cast<double>(*negative)) +
                       " (value " + std::to_string(negative - mask.begin()) + ", counted from 0).",
                   "0 leaves a step out, 1 counts it."});
  if (std::any_of(mask.begin(), mask.end(), [](float weight) { return weight != 0; })) return;
  throw Failure({"empty_mask", place, place + " is 0 everywhere, so that there is nothing to learn.", ""});
}

std::unique_ptr<Task> given_trials(TrialArrays trials, double dt, double tau, int N_batch) {
  return std::make_unique<GivenTrials>(std::move(trials), dt, tau, N_batch);
}

TaskType own_trials() {
  std::vector<Field> fields = {
      Field::text(
          "file", "", longest_name,
          "File of trials (.npz) with x, y and mask: trials × steps × channels. It says how many inputs, "
          "outputs and steps there are.")
          .title("File")
          .required()};
  for (const Field& field : task_fields({}))
    if (field.name() == "dt" || field.name() == "tau") fields.push_back(field);
  fields.push_back(Field::any_of("N_batch", nullptr,
                                 {null_form("all trials"),
                                  integer_form("so many at a time", 1, most_trials_per_iteration)},
                                 "Trials that are averaged for one update, taken in order, over and over.")
                       .title("Trials per iteration")
                       .unit("trials"));
  return {"Trials",
          type_schema("Trials", "Own trials",
                      "Trials from a file, learned in the order in which they stand there.",
                      "Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021", fields),
          [](const Json& parameters, const Context& context) -> std::unique_ptr<Task> {
            const auto file = context.files.open(parameters["file"].get<std::string>(), "task.file");
            TrialArrays trials = arrays_of(read_trials(*file, /*targets=*/true));
            const int count = trials.count;
            if (count > most_trials_per_iteration && parameters["N_batch"].is_null())
              throw Failure({"out_of_range", "task.N_batch",
                             "task.N_batch must be given for a file of " + std::to_string(count) +
                                 " trials; at most " + std::to_string(most_trials_per_iteration) +
                                 " are learned at a time.",
                             ""});
            return given_trials(std::move(trials), parameters["dt"], parameters["tau"],
                                parameters["N_batch"].is_null() ? count : parameters["N_batch"].get<int>());
          }};
}

}  // namespace nullcline
