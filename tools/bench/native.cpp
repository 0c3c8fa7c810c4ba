// Measures the engine natively: reads a question a line and answers each with a line of JSON, so that whoever
// asks decides what is measured when. Sessions stay between questions, so only their first measurement is
// cold.
//   kernels ARITHMETIC                     the instruction set for that arithmetic, null where there is none
//   peak ARITHMETIC THREADS MILLISECONDS   GFLOP/s between registers and of the product kernel
//   products ARITHMETIC THREADS N_REC MILLISECONDS   GFLOP/s of the matrix products of training alone
//   train THREADS MILLISECONDS DOCUMENT    training for about that long, from the initial weights on

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/session.h"
#include "tools/bench/peak.h"
#include "tools/bench/products.h"

namespace nullcline {

namespace {

const Kernels* kernels_named(const std::string& arithmetic) {
  return find_kernels(arithmetic == "fused" ? Arithmetic::fused : Arithmetic::plain);
}

Json answer_kernels(std::istream& question) {
  std::string arithmetic;
  question >> arithmetic;
  const Kernels* kernels = kernels_named(arithmetic);
  return kernels == nullptr ? Json(nullptr) : Json(kernels->instruction_set);
}

/// The rates of that many threads at once, added.
template <class Measure>
double on_threads(int threads, Measure measure) {
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < rates.size(); ++i) others.emplace_back([&, i] { rates[i] = measure(); });
  rates[0] = measure();
  for (std::thread& other : others) other.join();
  double sum = 0;
  for (const double rate : rates) sum += rate;
  return sum;
}

Json answer_peak(std::istream& question) {
  std::string arithmetic;
  int threads = 1;
  double milliseconds = 0;
  question >> arithmetic >> threads >> milliseconds;
  const Kernels& kernels = *kernels_named(arithmetic);
  return {
      {"registers", on_threads(threads, [&] { return register_peak(kernels, milliseconds / 2); })},
      {"product", on_threads(threads, [&] { return product_peak(kernels, milliseconds / 2); })},
  };
}

Json answer_products(std::istream& question) {
  std::string arithmetic;
  int threads = 1, N_rec = 1;
  double milliseconds = 0;
  question >> arithmetic >> threads >> N_rec >> milliseconds;
  const Kernels& kernels = *kernels_named(arithmetic);
  return on_threads(threads, [&] { return products_rate(kernels, N_rec, milliseconds); });
}

Session& session_for(int threads, const std::string& document) {
  static std::map<std::pair<int, std::string>, std::unique_ptr<Session>> sessions;
  auto& session = sessions[{threads, document}];
  if (!session) session = std::make_unique<Session>(read_experiment(document), threads);
  return *session;
}

Json answer_train(std::istream& question) {
  int threads = 1;
  double milliseconds = 0;
  std::string document;
  question >> threads >> milliseconds;
  std::getline(question, document);
  Trainer& trainer = session_for(threads, document).trainer();
  trainer.reset();
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const int all = trainer.progress().iterations;
  trainer.step({all, milliseconds});
  const double elapsed = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return {{"iterations", trainer.progress().iteration}, {"milliseconds", elapsed}};
}

Json answer(const std::string& line) {
  std::istringstream question(line);
  std::string what;
  question >> what;
  if (what == "kernels") return answer_kernels(question);
  if (what == "peak") return answer_peak(question);
  if (what == "products") return answer_products(question);
  return answer_train(question);
}

}  // namespace

}  // namespace nullcline

int main() {
  std::string line;
  try {
    while (std::getline(std::cin, line)) std::cout << nullcline::answer(line).dump() << std::endl;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
