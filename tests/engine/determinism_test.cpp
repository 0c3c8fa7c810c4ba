// The same run is the same bits: for any number of threads, any slicing of the work, whatever happens in
// between, and in every build of one arithmetic. The hashes (tests/golden/hashes.json) are part of the
// numerics contract: when one changes, results have changed, and the numerics version must be raised with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

constexpr int iterations = 50;

std::string hash_after(const Json& document, int count, int threads) {
  Session session(support::experiment(document), threads);
  support::train(session, count);
  EXPECT_EQ(session.trainer().progress().iteration, count);
  return session.hash();
}

class Runs : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("fused") && !arithmetic_available(Arithmetic::fused))
      GTEST_SKIP() << "not to be had here";
  }
  Json changes() const { return {{"arithmetic", GetParam()}}; }
  Json odd_sizes() const { return support::odd_sizes(changes()); }
  /// The hash of the contract in this arithmetic.
  static std::string hash_of(const char* run) {
    static const Json hashes = support::golden_json("hashes.json");
    return hashes.at(run).at(GetParam());
  }
  /// What the run of odd sizes ends with.
  static std::string expected() { return hash_of("odd_sizes_after_50_iterations"); }
};

INSTANTIATE_TEST_SUITE_P(Arithmetic, Runs, testing::Values("plain", "fused"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Runs, OfHelloWorldHaveTheHashesOfTheContractWithAnyNumberOfThreads) {
  const Json document = support::hello_world(changes());
  EXPECT_EQ(hash_after(document, 0, 1), hash_of("hello_world_before_training"));
  for (const int threads : {1, 2, 3, 5})
    EXPECT_EQ(hash_after(document, iterations, threads), hash_of("hello_world_after_50_iterations"))
        << threads;
}

TEST_P(Runs, OfOddSizesHaveTheHashOfTheContractWithAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3, 5})
    EXPECT_EQ(hash_after(odd_sizes(), iterations, threads), expected()) << threads;
}

TEST_P(Runs, InSlicesAreTheRunAtOnce) {
  for (const int slice : {1, 7, 13}) {
    Session session(support::experiment(odd_sizes()), 2);
    for (int left = iterations; left > 0; left -= slice) support::train(session, std::min(slice, left));
    EXPECT_EQ(session.hash(), expected()) << slice;
  }
}

TEST_P(Runs, InSlicesOfTimeAreTheRunAtOnce) {
  Session session(support::experiment(odd_sizes()), 2);
  while (session.trainer().progress().iteration < iterations) session.trainer().step({1000000, 0});
  EXPECT_EQ(session.hash(), expected());
}

TEST_P(Runs, AreNotChangedByWhatIsAskedInBetween) {
  Session session(support::experiment(odd_sizes()), 3);
  TrialRequest request;
  request.count = 9;
  for (int i = 0; i < iterations; ++i) {
    support::train(session, 1);
    session.test(17, 0);
    const Trials trials = session.draw(request);
    session.run(trials);
    session.gradient(trials);
    session.effective_weights();
  }
  EXPECT_EQ(session.hash(), expected());
}

TEST_P(Runs, GoOnFromASnapshotToTheSameBits) {
  Session first(support::experiment(odd_sizes()), 2);
  support::train(first, 23);
  const TrainingSnapshot snapshot = first.trainer().snapshot();
  support::train(first, 4);  // what came after the snapshot leaves no trace
  first.trainer().restore(snapshot);
  support::train(first, iterations - 23);
  EXPECT_EQ(first.hash(), expected());

  Session second(support::experiment(odd_sizes()), 1);
  second.trainer().restore(snapshot);
  support::train(second, iterations - 23);
  EXPECT_EQ(second.hash(), expected());
  const auto& there = first.trainer().progress().history;
  const auto& here = second.trainer().progress().history;
  ASSERT_EQ(here.size(), there.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_EQ(here[i].iteration, there[i].iteration);
    EXPECT_EQ(here[i].loss, there[i].loss);
    EXPECT_EQ(here[i].accuracy, there[i].accuracy);
  }
}

TEST_P(Runs, AreRepeatedAfterAReset) {
  Session session(support::experiment(odd_sizes()), 2);
  support::train(session, 3);
  session.trainer().reset();
  EXPECT_EQ(session.trainer().progress().state, TrainingState::ready);
  support::train(session, iterations);
  EXPECT_EQ(session.hash(), expected());
}

TEST_P(Runs, DrawTheSameTrialsInBatchesOfAnySize) {
  const Session session(support::experiment(odd_sizes()), 1);
  TrialRequest request;
  request.count = 40;
  const Trials all = session.draw(request);
  for (const int count : {1, 7, 8, 9, 17, 33}) {
    request.count = count;
    const Trials expected = support::part_of(all, 0, count), some = session.draw(request);
    EXPECT_EQ(some.x, expected.x) << count;
    EXPECT_EQ(some.y, expected.y) << count;
    EXPECT_EQ(some.mask, expected.mask) << count;
  }
}

TEST_P(Runs, TestTheSameWithAnyNumberOfThreads) {
  Session alone(support::experiment(odd_sizes()), 1), together(support::experiment(odd_sizes()), 3);
  const TestResult expected = alone.test(100, 3), found = together.test(100, 3);
  EXPECT_EQ(found.loss, expected.loss);
  EXPECT_EQ(found.accuracy.correct, expected.accuracy.correct);
  EXPECT_NE(alone.test(100, 4).loss, expected.loss);
}

TEST(RunsOfTwoArithmetics, DifferByRoundingOnly) {
  if (!arithmetic_available(Arithmetic::fused)) GTEST_SKIP() << "one arithmetic only";
  Session plain(support::experiment(support::odd_sizes({{"arithmetic", "plain"}})), 1);
  Session fused(support::experiment(support::odd_sizes({{"arithmetic", "fused"}})), 1);
  support::train(plain, iterations);
  support::train(fused, iterations);
  EXPECT_NE(plain.hash(), fused.hash());
  for (std::size_t i = 0; i < plain.trainer().raw_weights().size(); ++i)
    ASSERT_NEAR(plain.trainer().raw_weights()[i], fused.trainer().raw_weights()[i], 1e-3) << i;
}

TEST(Hash, IsThatOfTheBytesOfTheContract) {
  // FNV-1a (64 bits) of the numerics version, the arithmetic and the weights' bytes, by its definition.
  Session session(support::experiment(support::odd_sizes({{"arithmetic", "plain"}})), 1);
  std::string bytes = {static_cast<char>(numerics_version), 0};
  for (const float weight : session.trainer().raw_weights())
    for (int byte = 0; byte < 4; ++byte)
      bytes += static_cast<char>(std::bit_cast<std::uint32_t>(weight) >> (8 * byte));
  std::uint64_t hash = 14695981039346656037u;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 1099511628211u;
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  EXPECT_EQ(session.hash(), text);
}

TEST(Hash, ChangesWithASingleBit) {
  Session session(support::experiment(support::odd_sizes()), 1);
  const std::string before = session.hash();
  FloatBuffer raw = session.trainer().raw_weights();
  raw[raw.size() - 1] = std::nextafter(raw[raw.size() - 1], 1.0f);
  session.trainer().set_weights(raw);
  EXPECT_NE(session.hash(), before);
}

}  // namespace

}  // namespace nullcline
