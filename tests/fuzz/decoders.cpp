#include "tests/fuzz/decoders.h"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/cli/npz.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/lesion_file.h"
#include "engine/experiment/memory_files.h"
#include "engine/experiment/state_file.h"
#include "engine/experiment/trials_file.h"
#include "engine/experiment/weights_file.h"
#include "engine/session.h"

namespace nullcline::support {

namespace {

/// Small, with a measure and a curriculum, so that a saved run has all that one can have.
const char* const small = R"({
  "nullcline": 1,
  "task": {"type": "PerceptualDiscrimination", "dt": 50, "tau": 100, "T": 500, "N_batch": 5},
  "network": {"type": "Basic", "N_rec": 5, "rec_noise": 0.1},
  "training": {"iterations": 8, "loss_epoch": 1},
  "curriculum": {"stages": [{"task": {"coherence": 0.9}, "threshold": 0}, {"task": {"coherence": 0.5}, "threshold": 1}],
                 "metric_epoch": 2, "check_earlier_stages": true}
})";

const char* const psychrnn = R"({
  "nullcline": 1, "name": "Däle’s law", "seed": 4294967295, "conventions": "psychrnn", "arithmetic": "plain",
  "task": {"type": "DelayedDiscrimination", "dt": 10, "tau": 100, "T": 1200, "N_batch": 50, "onset_time": 100,
           "stim_duration_1": null, "stim_noise": 0.1},
  "network": {"type": "Basic", "N_rec": 10, "transfer_function": "tanh", "dale_ratio": 0.8, "autapses": false,
              "rec_connectivity": {"pattern": "modules", "sizes": [4, 4, 2], "connected": [[1, 0, 1], [0, 1, 1], [1, 1, 1]]},
              "input_connectivity": {"pattern": "random", "density": 0.5, "seed": 3},
              "initializer": {"type": "GaussianSpectralRadius", "spec_rad": 1.1, "b_rec": [1, 2, 3, 4, 5, 6, 7, 8, 9, 1e1]},
              "W_in_train": false},
  "training": {"training_iters": 500, "learning_rate": 1e-3, "loss_function": "mean_squared_error",
               "regularization": {"L1_in": 0.1, "L2_firing_rate": 1e-4},
               "optimizer": {"type": "Adam", "beta_1": 0.9}, "schedule": {"type": "cosine"},
               "clip": {"mode": "global", "norm": 1}, "fixed_weights": {"W_rec": {"pattern": "rows", "from": 4, "to": 8}},
               "performance_measure": "accuracy", "performance_cutoff": 0.9, "save_training_weights_epoch": 100}
})";

const char* const files = R"({
  "nullcline": 1, "task": {"type": "Trials", "file": "own.npz", "dt": 20, "tau": 100},
  "network": {"type": "Basic", "rec_connectivity": {"file": "own.npz", "key": "M"},
              "initializer": {"type": "WeightInitializer", "load_weights_path": "own.npz"}}
})";

const char* const lstm = R"({
  "nullcline": 1, "task": {"type": "MatchToCategory"}, "network": {"type": "LSTM", "N_rec": 4}
})";

using Members = MemoryArrays::Members;

Members members_of(const std::vector<NamedArray>& arrays) {
  Members members;
  for (const auto& [key, array] : arrays) members.emplace_back(key, write_npy(array));
  return members;
}

Array zeros(const Shape& shape) { return {shape, std::vector<float>(values_in(shape), 0.5f)}; }

/// An object array as NumPy pickles it, of None.
std::string pickled() {
  static constexpr char pickle[] =
      "\x80\x03"
      "cnumpy.core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\1K\0\x85q\2C\1bq\3\x87q\4Rq\5(K\1)"
      "cnumpy\ndtype\nq\6X\2\0\0\0O8q\7\x89\x88\x87q\bRq\t(K\3X\1\0\0\0|"
      "q\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?"
      "tq\vb\x89]q\fNatq\rb.";
  std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\1\0\x76\0", 10) + header + "\n" + std::string(pickle, sizeof pickle - 1);
}

Members own_arrays() {
  Members members = members_of({{"x", zeros({3, 4, 2})},
                                {"y", zeros({3, 4, 2})},
                                {"mask", zeros({3, 4, 2})},
                                {"noise", zeros({4, 3, 5})},
                                {"M", zeros({5, 5})},
                                {"units", {{2}, std::vector<std::int64_t>{0, 3}}},
                                {"window", {{2}, std::vector<double>{100, 200}}},
                                {"note", {{}, std::string("größer")}}});
  members.emplace_back("none", pickled());
  return members;
}

Members weights_members() {
  const Session session(read_experiment(small), 1);
  std::vector<NamedArray> arrays = weights_arrays(*session.experiment().network, session.effective_weights());
  arrays.push_back({"dale_ratio", {{}, std::vector<double>{0.8}}});
  return members_of(arrays);
}

/// A session, and where it stands, as the bytes of its saved run.
struct Run {
  explicit Run(const char* document) : session(read_experiment(document), 1) {
    origin.files["own.npz"] = "0123456789abcdef";
  }
  Members state() const { return members_of(state_arrays(origin, session)); }

  Session session;
  RunOrigin origin;
};

const Members& saved() {
  static const Members state = [] {
    Run run(small);
    run.session.trainer().step({5, 1e9});
    return run.state();
  }();
  return state;
}

MemoryArrays file_of(Members members) { return MemoryArrays("file.npz", std::move(members)); }

/// The file with one array replaced, as the bytes say.
MemoryArrays changed(Members members, const std::string& bytes) {
  const std::size_t place = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) % members.size();
  members[place].second = bytes.empty() ? "" : bytes.substr(1);
  return file_of(std::move(members));
}

std::vector<std::string> replacements(const Members& members) {
  std::vector<std::string> all;
  for (std::size_t place = 0; place < members.size(); ++place)
    all.push_back(static_cast<char>(place) + members[place].second);
  return all;
}

/// A problem must have a name and one sentence of text that every reader can decode.
std::string complaint_about(const Problem& problem) {
  constexpr std::size_t longest = 2000;
  if (problem.code.empty() || problem.message.empty()) return "A problem without code or message.";
  if (problem.message.size() > longest) return "A message of " + std::to_string(problem.message.size());
  try {
    static_cast<void>(Json{problem.path, problem.message, problem.hint}.dump());
  } catch (const Json::exception&) {
    return "A message that is not UTF-8.";
  }
  return "";
}

/// What `read` complains of; a Failure is one of the two good ends, after which `refused` has its say.
template <class Read, class Refused>
std::string attempt(Read read, Refused refused) {
  try {
    return read();
  } catch (const Failure& failure) {
    const std::string complaint = complaint_about(failure.problem());
    return complaint.empty() ? refused() : complaint;
  } catch (const std::exception& error) {
    return std::string("Another exception: ") + error.what();
  }
}

template <class Read>
std::string attempt(Read read) {
  return attempt(read, [] { return std::string(); });
}

std::string resolve_complaint(const std::string& text) {
  const MemoryFiles given({std::make_shared<const MemoryArrays>("own.npz", [] {
    Members members = own_arrays();
    for (auto& member : weights_members()) members.push_back(std::move(member));
    return members;
  }())});
  std::vector<Problem> problems;
  const Json document = parse_document(text, problems);
  const Json resolved = problems.empty() ? resolve_document(document, problems, 1, given) : Json();
  for (const Problem& problem : problems)
    if (std::string complaint = complaint_about(problem); !complaint.empty()) return complaint;
  if (!problems.empty()) return "";
  if (resolve_document(parse_document(resolved.dump(), problems), problems, 1, given) != resolved)
    return "What was resolved is resolved to something else.";
  return problems.empty() ? "" : "What was resolved has the problem: " + problems.front().message;
}

bool finite(const FloatBuffer& values) {
  for (const float value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

std::string weights_complaint(const std::string& bytes) {
  static Run run(small);
  static const FloatBuffer initial = run.session.trainer().raw_weights();
  static const std::string hash = run.session.hash();
  static const Members good = weights_members();
  const MemoryArrays file = changed(good, bytes);
  const Network& network = *run.session.experiment().network;
  Trainer& trainer = run.session.trainer();
  const auto unchanged = [&] {
    return run.session.hash() == hash ? "" : "A refused file changed the weights.";
  };
  std::string complaint = attempt(
      [&]() -> std::string {
        static_cast<void>(file.warnings());
        const FloatBuffer weights = read_weights(file, network);
        static_cast<void>(missing_law(file, network));
        static_cast<void>(changed_weights(file, network));
        static_cast<void>(unkept_constraints(file, network));
        if (!finite(weights)) return "It took weights that are not finite.";
        trainer.set_weights(weights);
        static_cast<void>(run.session.test(4, 0));
        trainer.set_weights(initial);
        return "";
      },
      unchanged);
  if (!complaint.empty()) return complaint;
  complaint = attempt([&]() -> std::string {
    Json section = {{"type", "Basic"}};
    take_network(file, section);
    return "";
  });
  if (!complaint.empty()) return complaint;
  return attempt(
      [&]() -> std::string {
        FloatBuffer raw = trainer.raw_weights();
        replace_variables(file, network, raw);
        return "";
      },
      unchanged);
}

std::string state_complaint(const std::string& bytes) {
  static Run run(small);
  static const Members before = run.state();
  return attempt(
      [&]() -> std::string {
        restore_state(changed(saved(), bytes), run.origin, run.session);
        run.session.trainer().step({1, 1e9});
        static_cast<void>(run.state());
        restore_state(file_of(before), run.origin, run.session);
        return run.state() == before ? "" : "The run does not come back.";
      },
      [&] { return run.state() == before ? "" : "A refused file changed the run."; });
}

std::string trials_complaint(const std::string& bytes) {
  static Run run(small);
  const MemoryArrays file = changed(own_arrays(), bytes);
  return attempt([&]() -> std::string {
    const Trials trials = read_trials(file, true, 0);
    check_fit(trials, *run.session.experiment().network, file.name());
    const nullcline::Run answer = run.session.run(trials);
    return answer.outputs.size() == trials.y.size() ? "" : "It answers for other trials.";
  });
}

std::string lesion_complaint(const std::string& bytes) {
  static Run run(small);
  static const Trials trials = run.session.draw({});
  Members members = own_arrays();
  if (!bytes.empty() && (bytes[0] & 0x40) != 0)
    members.emplace_back("connectivity", write_npy(zeros({5, 5})));
  return attempt([&]() -> std::string {
    static_cast<void>(run.session.run(trials, lesion_of(changed(members, bytes), 5)));
    return "";
  });
}

/// Everything that can be asked of a file of arrays.
void read_everything(const ArrayFile& file) {
  static_cast<void>(file.warnings());
  static_cast<void>(file.fingerprint());
  for (const std::string& key : file.keys()) {
    const Array array = file.get(key);
    if (!array.is_object()) static_cast<void>(file.find(key));
  }
}

std::string array_complaint(const std::string& bytes) {
  return attempt([&]() -> std::string {
    static_cast<void>(holds_object(bytes));
    const Array array = read_npy(bytes, "file.npz: x");
    const bool writes = !array.is_object() && array.get_if<NoValue>() == nullptr;
    if (writes && read_npy(write_npy(array), "again").shape != array.shape) return "It is written otherwise.";
    static_cast<void>(to_floats(array, "file.npz: x"));
    return "";
  });
}

/// A file of the program's own.
const std::string& temporary_path() {
  static const std::string path =
      (std::filesystem::temp_directory_path() / ("nullcline-archive-" + std::to_string(getpid()) + ".npz"))
          .string();
  return path;
}

std::string archive_complaint(const std::string& bytes) {
  std::ofstream(temporary_path(), std::ios::binary | std::ios::trunc) << bytes;
  std::string complaint = attempt([&]() -> std::string {
    read_everything(NpzFile(temporary_path()));
    return "";
  });
  std::filesystem::remove(temporary_path());
  return complaint;
}

std::vector<std::string> archives() {
  const Session session(read_experiment(small), 1);
  const std::vector<NamedArray> weights =
      weights_arrays(*session.experiment().network, session.effective_weights());
  return {write_npz({{"x", zeros({3, 4, 2})}, {"note", {{}, std::string("note")}}}), write_npz(weights)};
}

std::vector<std::string> arrays() {
  std::vector<std::string> all;
  for (const auto& member : own_arrays()) all.push_back(member.second);
  return all;
}

std::string nested(const std::string& before) {
  constexpr std::size_t levels = 100000;
  return before + std::string(levels, '[') + std::string(levels, ']') + (before.empty() ? "" : "}");
}

std::vector<std::string> harmful_documents() {
  const std::string random = R"({"pattern": "random"})";
  return {
      nested(""), nested(R"({"nullcline": )"),
      // as large as can be asked for, with everything that is made for it
      R"({"nullcline": 1, "task": {"type": "PerceptualDiscrimination", "T": 1e6, "dt": 1, "N_batch": 4096},
              "network": {"type": "Basic", "N_rec": 4096, "dale_ratio": 0.5, "autapses": false,
                          "input_connectivity": )" +
          random + R"(, "rec_connectivity": )" + random + R"(},
              "training": {"fixed_weights": {"W_rec": )" +
          random + "}}}"};
}

std::vector<std::string> harmful_arrays() {
  const auto array = [](const std::string& type, const std::string& shape, const std::string& values) {
    std::string header = "{'descr': '" + type + "', 'fortran_order': True, 'shape': " + shape + ", }\n";
    const auto length = static_cast<unsigned>(header.size());
    return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(length & 0xff) +
           static_cast<char>(length >> 8) + header + values;
  };
  std::string many = "(";
  for (int i = 0; i < 32; ++i) many += "4294967296, ";
  return {array("<f4", many + ")", ""),
          array("<f8", "(0, 18446744073709551615)", ""),
          array("<f8", "(4611686018427387904, 2)", std::string(16, '\0')),
          array("|O", "()", std::string(4096, '(')),
          array("|O", "()", std::string(4000, ']') + std::string(90, 't')),
          array("<U9999999999", "()", "")};
}

/// Of members of a file: a text in the place of each.
std::vector<std::string> harmful_members(const Members& members) {
  std::vector<std::string> all;
  for (std::size_t place = 0; place < members.size(); ++place) {
    const std::string prefix(1, static_cast<char>(place));
    for (const std::string& text : {nested(""), nested(R"({"own.npz": )"), nested(R"({"iteration": )")}) {
      all.push_back(prefix + write_npy({{}, text}));
      all.push_back(prefix + write_npy({{}, "[" + text + "]"}));
    }
    for (const std::string& array : harmful_arrays()) all.push_back(prefix + array);
  }
  return all;
}

}  // namespace

const std::vector<Decoder>& decoders() {
  static const std::vector<Decoder> all = {
      {"document",
       [] {
         return std::vector<std::string>{small, psychrnn, files, lstm};
       },
       harmful_documents,
       [](const std::string& bytes) { return attempt([&] { return resolve_complaint(bytes); }); }},
      {"array", arrays, harmful_arrays, array_complaint},
      {"weights", [] { return replacements(weights_members()); },
       [] { return harmful_members(weights_members()); }, weights_complaint},
      {"state", [] { return replacements(saved()); }, [] { return harmful_members(saved()); },
       state_complaint},
      {"trials", [] { return replacements(own_arrays()); }, [] { return harmful_members(own_arrays()); },
       trials_complaint},
      {"lesion", [] { return replacements(own_arrays()); }, [] { return harmful_members(own_arrays()); },
       lesion_complaint},
      {"archive", archives, archives, archive_complaint},
  };
  return all;
}

}  // namespace nullcline::support
