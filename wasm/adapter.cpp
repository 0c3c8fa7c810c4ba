// What JavaScript sees of the engine. Nothing is thrown across: every function answers { value } or { problem
// }. Arrays are copied out, never lent; documents and other structured values cross as JSON text.

#include <emscripten/bind.h>
#include <emscripten/heap.h>
#include <emscripten/val.h>

#include <algorithm>
#include <memory>
#include <string>

#include "engine/experiment/experiment.h"
#include "engine/session.h"

namespace nullcline {

namespace {

using emscripten::val;

val to_val(const Problem& problem) {
  val object = val::object();
  object.set("code", problem.code);
  object.set("path", problem.path);
  object.set("message", problem.message);
  object.set("hint", problem.hint);
  return object;
}

/// Runs `function` and wraps what it returns, or the problem that it threw.
template <class Function>
val guarded(Function function) {
  val answer = val::object();
  const auto fail = [&](const Problem& problem) { answer.set("problem", to_val(problem)); };
  try {
    answer.set("value", function());
  } catch (const Failure& failure) {
    fail(failure.problem());
  } catch (const std::bad_alloc&) {
    fail({"out_of_memory", "", "The engine ran out of memory.",
          "Fewer units, fewer steps or fewer trials need less."});
  } catch (const std::exception& error) {
    fail({"internal", "", std::string("The engine failed: ") + error.what() + ".", ""});
  }
  return answer;
}

template <class Values>
val copied(const Values& values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).template call<val>("slice");
}

std::vector<float> floats(const val& array) {
  return array.isUndefined() || array.isNull() ? std::vector<float>()
                                               : emscripten::convertJSArrayToNumberVector<float>(array);
}

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
  explicit Handle(Experiment experiment) : session_(std::move(experiment), pool()) { ++open_handles; }
  ~Handle() { --open_handles; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  val document() const {
    return guarded([&] { return session_.experiment().document.dump(); });
  }
  val shape() const { return shape_of(session_.experiment()); }

  val step(int iterations, double milliseconds) {
    return guarded([&] {
      session_.trainer().step({iterations, milliseconds});
      return val::undefined();
    });
  }

  /// Where the run stands; `history` holds iteration, loss and accuracy of each point from number `from` on.
  val progress(int from) const {
    return guarded([&] { return progress_from(from); });
  }

  val trials(int count, double draw, const std::string& params, bool noise) const {
    return guarded([&] {
      TrialRequest request{count, static_cast<std::uint32_t>(draw), nullptr, noise};
      std::vector<Problem> problems;
      if (!params.empty()) request.params = parse_document(params, problems);
      if (!problems.empty()) throw Failure(problems.front());
      const Trials drawn = session_.draw(request);
      const Task& task = *session_.experiment().task;
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

  val run(int count, int N_steps, const val& x, const val& y, const val& mask) {
    return guarded([&] {
      const Network& network = *session_.experiment().network;
      const Run run = session_.run(
          {count, N_steps, network.N_in(), network.N_out(), floats(x), floats(y), floats(mask), {}, {}});
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

  val hash() const {
    return guarded([&] { return session_.hash(); });
  }

  val reset() {
    return guarded([&] {
      session_.trainer().reset();
      return val::undefined();
    });
  }

 private:
  val progress_from(int from) const {
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
    answer.set("history", copied(history));
    answer.set("problem", now.problem ? to_val(*now.problem) : val::null());
    return answer;
  }

  Session session_;
};

val describe_text() {
  return guarded([] { return describe().dump(); });
}

/// Starts the threads that sessions share and says how many there are, the calling one included.
int start_threads(int threads) {
  pool() = std::make_shared<ThreadPool>(threads);
  return pool()->threads();
}

val check(const std::string& text) {
  return guarded([&] {
    std::vector<Problem> problems;
    const Json document = parse_document(text, problems);
    Json resolved = problems.empty() ? resolve_document(document, problems, pool()->threads()) : Json();
    val list = val::array();
    for (const Problem& problem : problems) list.call<void>("push", to_val(problem));
    val answer = val::object();
    answer.set("problems", list);
    const bool valid = problems.empty();
    answer.set("document", valid ? val(resolved.dump()) : val::null());
    answer.set("shape", valid ? shape_of(make_experiment(std::move(resolved))) : val::null());
    return answer;
  });
}

val open(const std::string& text) {
  return guarded([&] { return val(std::make_shared<Handle>(read_experiment(text, pool()->threads()))); });
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
  emscripten::function("handles", handles);
  emscripten::function("memory", memory);
  emscripten::class_<Handle>("Handle")
      .smart_ptr<std::shared_ptr<Handle>>("Handle")
      .function("document", &Handle::document)
      .function("shape", &Handle::shape)
      .function("step", &Handle::step)
      .function("progress", &Handle::progress)
      .function("trials", &Handle::trials)
      .function("run", &Handle::run)
      .function("test", &Handle::test)
      .function("weights", &Handle::weights)
      .function("hash", &Handle::hash)
      .function("reset", &Handle::reset);
}

}  // namespace nullcline
