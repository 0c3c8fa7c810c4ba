// What JavaScript sees of the engine. Nothing is thrown across: every function answers { value } or { problem
// }. Arrays are copied out, never lent; documents and other structured values cross as JSON text.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <algorithm>
#include <memory>
#include <string>

#include "engine/experiment/experiment.h"
#include "engine/experiment/lesion_file.h"
#include "engine/experiment/state_file.h"
#include "engine/experiment/weights_file.h"
#include "engine/math/spectrum.h"
#include "engine/session.h"
#include "wasm/values.h"

namespace nullcline {

namespace {

using emscripten::val;

/// One pool for all sessions: a module's threads are as many as it was started with.
std::shared_ptr<ThreadPool>& pool() {
  static std::shared_ptr<ThreadPool> shared = std::make_shared<ThreadPool>(1);
  return shared;
}

int open_handles = 0;

val shape_of(const Experiment& experiment) {
  val shape = val::object();
  shape.set("N_in", experiment.network->N_in());
  shape.set("N_rec", experiment.network->N_rec());
  shape.set("N_out", experiment.network->N_out());
  shape.set("N_steps", experiment.task->N_steps());
  shape.set("N_batch", experiment.task->N_batch());
  shape.set("dt", experiment.task->dt());
  shape.set("parameters", static_cast<double>(experiment.network->layout().size()));
  shape.set("iterations", experiment.training.iterations);
  shape.set("memory", training_bytes(experiment, pool()->threads()));
  return shape;
}

/// A session as JavaScript holds it; deleted there by `delete()`.
class Handle {
 public:
  /// `warnings` are those of the files that the experiment was made of.
  Handle(Experiment experiment, RunOrigin origin, std::vector<std::string> warnings)
      : session_(std::move(experiment), pool()), warnings_(std::move(warnings)), origin_(std::move(origin)) {
    ++open_handles;
  }
  ~Handle() { --open_handles; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  val document() const {
    return guarded([&] { return session_.experiment().document.dump(); });
  }
  val shape() const { return shape_of(session_.experiment()); }

  /// What the user should be told of the files and of the initial weights.
  val warnings() const {
    return guarded([&] {
      std::vector<std::string> all = warnings_;
      const std::vector<std::string>& drawn = session_.trainer().warnings();
      all.insert(all.end(), drawn.begin(), drawn.end());
      return to_val(all);
    });
  }

  val step(int iterations, double milliseconds) {
    return guarded([&] {
      session_.trainer().step({iterations, milliseconds});
      return val::undefined();
    });
  }

  /// So many iterations more than there were to be.
  val extend(int iterations) {
    return guarded([&] {
      constexpr int most = 1000000000;
      const Progress now = session_.trainer().progress();
      const int total = std::max(now.iteration, now.iterations);
      if (iterations < 1 || iterations > most - total)
        throw Failure({"out_of_range", "iterations",
                       "A run can be extended by 1 to " + std::to_string(std::max(0, most - total)) +
                           " iterations; found " + std::to_string(iterations) + ".",
                       ""});
      if (now.state == TrainingState::diverged) throw Failure(*now.problem);
      if (now.state == TrainingState::finished && now.iteration < now.iterations)
        throw Failure({"not_allowed", "iterations",
                       std::string("The run ended because ") +
                           (now.cutoff_reached ? "its cutoff was reached" : "its curriculum is passed") +
                           ", so it does not go on with more iterations.",
                       "Open a document without it, and import these weights."});
      if (session_.experiment().training.learning_rate_at(total + iterations - 1) == 0)
        throw Failure(
            {"not_allowed", "iterations",
             "The schedule's learning rate is 0 after the run's iterations, so that a longer run would learn "
             "nothing more.",
             "Give the schedule its own decay_steps, or open a document with more iterations."});
      session_.trainer().set_iterations(total + iterations);
      return val::undefined();
    });
  }

  /// Where the run stands; `history` holds iteration, loss and accuracy of each point from number `from` on,
  /// `metrics` the measurements of the curriculum from number `from_metric` on.
  val progress(int from, int from_metric) const {
    return guarded([&] { return progress_from(from, from_metric); });
  }

  val trials(int count, double draw, const std::string& params, bool noise) const {
    return guarded([&] {
      TrialRequest request{count, static_cast<std::uint32_t>(draw), nullptr, noise};
      std::vector<Problem> problems;
      if (!params.empty()) request.params = parse_document(params, problems);
      if (!problems.empty()) throw Failure(problems.front());
      const Trials drawn = session_.draw(request);
      const Task& task = session_.trainer().task();
      Json epochs = Json::array();
      for (const TrialParameters& parameters : drawn.parameters) {
        Json list = Json::array();
        for (const Epoch& epoch : task.epochs(parameters))
          list.push_back({{"name", epoch.name}, {"from", epoch.from}, {"to", epoch.to}});
        epochs.push_back(std::move(list));
      }
      val answer = val::object();
      answer.set("count", drawn.count);
      answer.set("N_steps", drawn.N_steps);
      answer.set("N_in", drawn.N_in);
      answer.set("N_out", drawn.N_out);
      answer.set("x", copied(drawn.x));
      answer.set("y", copied(drawn.y));
      answer.set("mask", copied(drawn.mask));
      answer.set("params", parameters_to_json(task, drawn.parameters).dump());
      answer.set("epochs", epochs.dump());
      return answer;
    });
  }

  /// Trials { count, N_steps, x, y, mask } with the given noise, or that which is drawn where there is none.
  val run(const val& given, const val& noise, const val& lesion) {
    return guarded([&] {
      const Network& network = *session_.experiment().network;
      const int count = given["count"].as<int>(), N_steps = given["N_steps"].as<int>();
      const Trials trials{count,
                          N_steps,
                          network.N_in(),
                          network.N_out(),
                          floats(given["x"]),
                          floats(given["y"]),
                          floats(given["mask"]),
                          floats(noise),
                          {}};
      return run_to_val(session_.run(trials, to_lesion(lesion)), count, N_steps);
    });
  }

  val run_autonomously(int count, int N_steps, const val& lesion) {
    return guarded([&] {
      return run_to_val(session_.run_autonomously(count, N_steps, to_lesion(lesion)), count, N_steps);
    });
  }

  val test(int count, double draw) {
    return guarded([&] {
      const TestResult result = session_.test(count, static_cast<std::uint32_t>(draw));
      val answer = val::object();
      answer.set("count", result.accuracy.trials);
      answer.set("scored", result.accuracy.scored);
      answer.set("correct", result.accuracy.correct);
      answer.set("accuracy", result.accuracy.share());
      answer.set("loss", result.loss);
      return answer;
    });
  }

  val weights(bool effective) const {
    return guarded([&] {
      const FloatBuffer values = effective ? session_.effective_weights() : session_.trainer().raw_weights();
      val answer = val::object();
      for (const Variable& variable : session_.experiment().network->layout().variables()) {
        val matrix = val::object();
        matrix.set("rows", variable.rows);
        matrix.set("columns", variable.columns);
        matrix.set("data",
                   val(emscripten::typed_memory_view(variable.size(), values.data() + variable.offset))
                       .call<val>("slice"));
        answer.set(variable.name, matrix);
      }
      return answer;
    });
  }

  /// What holds for the elements of each variable whatever training does; null for what does not hold.
  val constraints() const {
    return guarded([&] {
      const auto or_null = [](const std::vector<float>& values) {
        return values.empty() ? val::null() : copied(values);
      };
      const std::vector<float>& free = session_.experiment().training.free;
      val answer = val::object();
      for (const Variable& variable : session_.experiment().network->layout().variables()) {
        std::vector<float> fixed;
        for (std::size_t i = 0; !free.empty() && i < variable.size(); ++i)
          fixed.push_back(1 - free[variable.offset + i]);
        val constraint = val::object();
        constraint.set("connectivity", or_null(variable.constraint.connectivity));
        constraint.set("signs", or_null(variable.constraint.column_signs));
        constraint.set("fixed", or_null(fixed));
        answer.set(variable.name, constraint);
      }
      return answer;
    });
  }

  val hash() const {
    return guarded([&] { return session_.hash(); });
  }

  /// Puts some or all variables in the place of the present ones and starts anew from there.
  val set_weights(const val& file) {
    return guarded([&] {
      FloatBuffer raw = session_.trainer().raw_weights();
      replace_variables(*to_file(file), *session_.experiment().network, raw);
      start_from(raw, "");
      return val::undefined();
    });
  }

  /// Starts anew from the weights of a file; what it holds that is not used.
  val import_weights(const val& file) {
    return guarded([&] {
      const auto arrays = to_file(file);
      const Network& network = *session_.experiment().network;
      const FloatBuffer weights = read_weights(*arrays, network);
      std::vector<std::string> sentences = arrays->warnings();
      for (std::string& sentence : missing_law(*arrays, network)) sentences.push_back(std::move(sentence));
      for (std::string& sentence : changed_weights(*arrays, network))
        sentences.push_back(std::move(sentence));
      for (std::string& sentence : unkept_constraints(*arrays, network))
        sentences.push_back(std::move(sentence));
      start_from(weights, arrays->name());
      return to_val(sentences);
    });
  }

  /// The arrays of a weights file.
  val export_weights() const {
    return guarded([&] {
      return to_members(weights_arrays(*session_.experiment().network, session_.effective_weights()));
    });
  }

  /// The arrays of a state file.
  val save_state() const {
    return guarded([&] { return to_members(state_arrays(origin_, session_)); });
  }

  val restore_state(const val& file) {
    return guarded([&] {
      nullcline::restore_state(*to_file(file), origin_, session_);
      return val::undefined();
    });
  }

  val reset() {
    return guarded([&] {
      start_from(FloatBuffer(), origin_.weights);
      return val::undefined();
    });
  }

 private:
  /// Begins the run anew from these weights, or from the initial ones where there are none.
  void start_from(const FloatBuffer& raw, const std::string& file) {
    Trainer& trainer = session_.trainer();
    trainer.set_iterations(session_.experiment().training.iterations);
    if (raw.size() == 0)
      trainer.reset();
    else
      trainer.set_weights(raw);
    origin_.weights = file;
  }

  Lesion to_lesion(const val& file) const {
    return file.isNull() ? Lesion() : lesion_of(*to_file(file), session_.experiment().network->N_rec());
  }

  val run_to_val(const Run& run, int count, int N_steps) const {
    const Network& network = *session_.experiment().network;
    std::vector<std::int8_t> correct;
    for (const Score score : run.scores) correct.push_back(static_cast<std::int8_t>(score));
    val answer = val::object();
    answer.set("count", count);
    answer.set("N_steps", N_steps);
    answer.set("N_out", network.N_out());
    answer.set("N_rec", network.N_rec());
    answer.set("outputs", copied(run.outputs));
    answer.set("states", copied(run.states));
    answer.set("rates", copied(run.rates));
    answer.set("correct", copied(correct));
    return answer;
  }

  val progress_from(int from, int from_metric) const {
    const Progress now = session_.trainer().progress();
    std::vector<double> history;
    for (auto i = static_cast<std::size_t>(std::max(from, 0)); i < now.history.size(); ++i)
      history.insert(history.end(), {static_cast<double>(now.history[i].iteration), now.history[i].loss,
                                     now.history[i].accuracy});
    val answer = val::object();
    answer.set("state", to_string(now.state));
    answer.set("iteration", now.iteration);
    answer.set("iterations", now.iterations);
    answer.set("trials", static_cast<double>(now.trials));
    answer.set("batch_loss", now.batch_loss);
    answer.set("stage", now.stage);
    answer.set("stages", now.stages);
    answer.set("performance", now.performance);
    answer.set("cutoff_reached", now.cutoff_reached);
    answer.set("checkpoint", now.is_checkpoint);
    answer.set("history", copied(history));
    answer.set("metrics", metrics_from(from_metric));
    answer.set("problem", now.problem ? to_val(*now.problem) : val::null());
    return answer;
  }

  val metrics_from(int from) const {
    const std::span<const MetricPoint> all = session_.trainer().snapshot().curriculum.metrics;
    const std::size_t first = std::min(static_cast<std::size_t>(std::max(from, 0)), all.size());
    return list_of(all.subspan(first), [](const MetricPoint& point) {
      val entry = val::object();
      entry.set("iteration", point.iteration);
      entry.set("stage", point.stage);
      entry.set("value", point.value);
      entry.set("earlier_stages", list_of(point.earlier, [](double value) { return val(value); }));
      return entry;
    });
  }

  Session session_;
  std::vector<std::string> warnings_;
  RunOrigin origin_;
};

val describe_text() {
  return guarded([] { return describe().dump(); });
}

/// Starts the threads that sessions share and says how many there are, the calling one included.
int start_threads(int threads) {
  pool() = std::make_shared<ThreadPool>(threads);
  return pool()->threads();
}

val check(const std::string& text, const val& given) {
  return guarded([&] {
    const MemoryFiles files = to_files(given);
    std::vector<Problem> problems;
    const Json document = parse_document(text, problems);
    Json resolved =
        problems.empty() ? resolve_document(document, problems, pool()->threads(), files) : Json();
    val answer = val::object();
    answer.set("problems", list_of(problems, [](const Problem& problem) { return to_val(problem); }));
    const bool valid = problems.empty();
    answer.set("document", valid ? val(resolved.dump()) : val::null());
    answer.set("shape", valid ? shape_of(make_experiment(std::move(resolved), files)) : val::null());
    return answer;
  });
}

val open(const std::string& text, const val& given) {
  return guarded([&] {
    const MemoryFiles files = to_files(given);
    Experiment experiment = read_experiment(text, pool()->threads(), files);
    std::vector<std::string> warnings;
    for (const auto& file : files.files())
      for (std::string& sentence : file->warnings()) warnings.push_back(std::move(sentence));
    for (std::string& sentence : warnings_of_weights(experiment.document, *experiment.network, files))
      warnings.push_back(std::move(sentence));
    if (const auto problem = nothing_to_learn(experiment)) warnings.push_back(problem->message);
    RunOrigin origin;
    for (const auto& file : files.files())
      if (files.opened().contains(file->name())) origin.files[file->name()] = file->fingerprint();
    return val(std::make_shared<Handle>(std::move(experiment), std::move(origin), std::move(warnings)));
  });
}

/// Real and imaginary parts; none where the matrix is not finite.
val eigenvalues_of(const val& matrix, int size) {
  return guarded([&] {
    std::vector<double> re, im;
    for (const std::complex<double>& value : eigenvalues(floats(matrix).data(), size)) {
      re.push_back(value.real());
      im.push_back(value.imag());
    }
    val answer = val::object();
    answer.set("re", copied(re));
    answer.set("im", copied(im));
    return answer;
  });
}

val build() {
  val answer = val::object();
  answer.set("fused", arithmetic_available(Arithmetic::fused));
  answer.set("version", std::string(NULLCLINE_VERSION));
  answer.set("numerics", numerics_version);
  return answer;
}

int handles() { return open_handles; }

double memory() { return static_cast<double>(emscripten_get_heap_size()); }

}  // namespace

EMSCRIPTEN_BINDINGS(nullcline) {
  emscripten::function("build", build);
  emscripten::function("start_threads", start_threads);
  emscripten::function("describe", describe_text);
  emscripten::function("check", check);
  emscripten::function("open", open);
  emscripten::function("eigenvalues", eigenvalues_of);
  emscripten::function("handles", handles);
  emscripten::function("memory", memory);
  emscripten::class_<Handle>("Handle")
      .smart_ptr<std::shared_ptr<Handle>>("Handle")
      .function("document", &Handle::document)
      .function("shape", &Handle::shape)
      .function("warnings", &Handle::warnings)
      .function("step", &Handle::step)
      .function("extend", &Handle::extend)
      .function("progress", &Handle::progress)
      .function("trials", &Handle::trials)
      .function("run", &Handle::run)
      .function("run_autonomously", &Handle::run_autonomously)
      .function("test", &Handle::test)
      .function("weights", &Handle::weights)
      .function("constraints", &Handle::constraints)
      .function("set_weights", &Handle::set_weights)
      .function("import_weights", &Handle::import_weights)
      .function("export_weights", &Handle::export_weights)
      .function("save_state", &Handle::save_state)
      .function("restore_state", &Handle::restore_state)
      .function("hash", &Handle::hash)
      .function("reset", &Handle::reset);
}

}  // namespace nullcline
