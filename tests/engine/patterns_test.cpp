// The named patterns of connections.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/experiment/matrix.h"
#include "engine/networks/constraints.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

constexpr int N = 60;

/// The recurrent connections of N units that a document with this pattern has.
std::vector<float> connections(const Json& pattern) {
  Json document = support::hello_world({{"network", {{"N_rec", N}}}});
  document["network"]["rec_connectivity"] = pattern;
  const Json resolved = support::resolved(document);
  const auto made = make_constraints(resolved["network"], 2, N, 2, {}).recurrent.connectivity;
  return made.empty() ? std::vector<float>(N * N, 1.0f) : made;
}

/// Holds every connection to what `exists` says of (to, from).
template <class Exists>
void expect_connections(const Json& pattern, Exists exists) {
  const auto found = connections(pattern);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j)
      ASSERT_EQ(found[static_cast<std::size_t>(i * N + j)], exists(i, j)) << pattern << " " << i << ", " << j;
}

TEST(Patterns, AreTheTenThatTheTestsBelowKnow) {
  std::vector<std::string> names;
  for (const PatternType& type : pattern_types()) names.push_back(type.name);
  EXPECT_EQ(names, (std::vector<std::string>{"full", "none", "diagonal", "modules", "random", "ring",
                                             "distance", "rows", "columns", "block"}));
}

TEST(Patterns, FullNoneAndDiagonal) {
  expect_connections({{"pattern", "full"}}, [](int, int) { return 1; });
  expect_connections({{"pattern", "none"}}, [](int, int) { return 0; });
  expect_connections({{"pattern", "diagonal"}}, [](int i, int j) { return i == j ? 1 : 0; });
}

TEST(Patterns, ModulesAreConnectedAsTheTableSaysToFrom) {
  // Module 1 hears module 0 alone; nobody hears module 2.
  expect_connections(
      {{"pattern", "modules"}, {"sizes", {10, 20, 30}}, {"connected", {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}}}},
      [](int i, int j) {
        const int to = i < 10 ? 0 : (i < 30 ? 1 : 2), from = j < 10 ? 0 : (j < 30 ? 1 : 2);
        return (to == 0 && from == 0) || to == from + 1 ? 1 : 0;
      });
}

TEST(Patterns, RandomOnesHaveTheirDensityAndTheirSeed) {
  for (const double density : {.1, .5, .9}) {
    const auto mask = connections({{"pattern", "random"}, {"density", density}});
    const double share = std::accumulate(mask.begin(), mask.end(), 0.0) / (N * N);
    EXPECT_NEAR(share, density, 4 * std::sqrt(density * (1 - density)) / N);
    for (const float connection : mask) ASSERT_TRUE(connection == 0 || connection == 1);
  }
  const Json pattern = {{"pattern", "random"}, {"density", .5}};
  Json other = pattern;
  other["seed"] = 2;
  EXPECT_EQ(connections(pattern), connections(pattern));
  EXPECT_NE(connections(pattern), connections(other));
  expect_connections({{"pattern", "random"}, {"density", 0}}, [](int, int) { return 0; });
  expect_connections({{"pattern", "random"}, {"density", 1}}, [](int, int) { return 1; });
}

TEST(Patterns, RandomOnesHaveNothingToDoWithTheSeedOfTheRun) {
  Json document = support::hello_world(
      {{"network", {{"N_rec", N}, {"rec_connectivity", {{"pattern", "random"}, {"density", .5}}}}}});
  const auto mask = [&] {
    return support::experiment(document).network->layout().find("W_rec")->constraint.connectivity;
  };
  const auto before = mask();
  document["seed"] = 99;
  EXPECT_EQ(mask(), before);
}

TEST(Patterns, RingConnectsUnitsNoFartherApartThanItsWidth) {
  expect_connections({{"pattern", "ring"}, {"width", .11}}, [](int i, int j) {
    const int apart = std::abs(i - j);
    return std::min(apart, N - apart) <= 6 ? 1 : 0;  // 6.6 units
  });
  expect_connections({{"pattern", "ring"}, {"width", 0}}, [](int i, int j) { return i == j ? 1 : 0; });
  expect_connections({{"pattern", "ring"}, {"width", .5}}, [](int, int) { return 1; });
}

TEST(Patterns, DistanceMakesConnectionsRarerAsTheExponential) {
  // Over forty seeds, connections that span d units exist with the probability exp(-d / 12).
  std::vector<double> exist(N), of(N);
  for (int seed = 0; seed < 40; ++seed) {
    const auto mask = connections({{"pattern", "distance"}, {"length", .2}, {"seed", seed}});
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j) {
        exist[static_cast<std::size_t>(std::abs(i - j))] += mask[static_cast<std::size_t>(i * N + j)];
        of[static_cast<std::size_t>(std::abs(i - j))] += 1;
      }
  }
  EXPECT_EQ(exist[0], of[0]);
  for (std::size_t d = 1; d < N; ++d) {
    const double p = std::exp(-static_cast<double>(d) / 12);
    EXPECT_NEAR(exist[d], p * of[d], 4.5 * std::sqrt(of[d] * p * (1 - p)) + 1) << d;
  }
}

TEST(Patterns, RowsColumnsAndBlocksEndBeforeTheirEnd) {
  expect_connections({{"pattern", "rows"}, {"from", 3}, {"to", 7}},
                     [](int i, int) { return i >= 3 && i < 7 ? 1 : 0; });
  expect_connections({{"pattern", "columns"}, {"from", 0}, {"to", 59}},
                     [](int, int j) { return j < 59 ? 1 : 0; });
  expect_connections(
      {{"pattern", "block"}, {"row_from", 1}, {"row_to", 3}, {"column_from", 10}, {"column_to", 20}},
      [](int i, int j) { return i >= 1 && i < 3 && j >= 10 && j < 20 ? 1 : 0; });
}

TEST(Patterns, OfInputsAndOutputsAreToFrom) {
  const Json resolved = support::resolved(
      support::hello_world({{"network",
                             {{"N_rec", 5},
                              {"input_connectivity", {{"pattern", "rows"}, {"from", 0}, {"to", 2}}},
                              {"output_connectivity", {{"pattern", "columns"}, {"from", 3}, {"to", 5}}}}}}));
  const Constraints made = make_constraints(resolved["network"], 2, 5, 2, {});
  EXPECT_EQ(made.input.connectivity, (std::vector<float>{1, 1, 1, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(made.output.connectivity, (std::vector<float>{0, 0, 0, 1, 1, 0, 0, 0, 1, 1}));
  EXPECT_TRUE(made.recurrent.connectivity.empty());
}

}  // namespace

}  // namespace nullcline
