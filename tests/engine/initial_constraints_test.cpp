// Initial weights under masks and Dale's law, given ones, and those of a file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/math/spectrum.h"
#include "engine/networks/initializer.h"
#include "tests/engine/memory_files.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

Json document_of(const Json& network, const char* conventions = "standard") {
  Json document = support::hello_world({{"conventions", conventions}});
  document["network"].update(network);
  return document;
}

Json initializer(const char* type, const Json& fields = Json::object()) {
  Json section = {{"type", type}};
  section.update(fields);
  return section;
}

std::vector<float> initial(const Session& session, const std::string& name) {
  return support::part_of(session.experiment().network->layout(), name, session.trainer().raw_weights());
}

TEST(SpectralRadius, IsThatOfTheMatrixThatIsUsed) {
  for (const int seed : {1, 2, 3})
    for (const double radius : {.7, 1.1, 2.0}) {
      Json document =
          document_of({{"N_rec", 30},
                       {"dale_ratio", .8},
                       {"autapses", false},
                       {"rec_connectivity", {{"pattern", "random"}, {"density", .3}}},
                       {"initializer", initializer("GaussianSpectralRadius", {{"spec_rad", radius}})}});
      document["seed"] = seed;
      const Session session(support::experiment(document), 1);
      const auto W_rec =
          support::part_of(session.experiment().network->layout(), "W_rec", session.effective_weights());
      EXPECT_NEAR(spectral_radius(W_rec.data(), 30), radius, 1e-4 * radius);
      EXPECT_TRUE(session.trainer().warnings().empty());
      EXPECT_EQ(std::count(W_rec.begin(), W_rec.end(), 0.0f),
                std::count_if(W_rec.begin(), W_rec.end(), [](float w) { return std::abs(w) < 1e-12f; }));
    }
}

/// Masks without a cycle of connections.
struct Acyclic {
  const char* name;
  Json mask;
};

void PrintTo(const Acyclic& acyclic, std::ostream* out) { *out << acyclic.name; }

/// Unit i reaches unit j only where it comes earlier in an order.
Json ordered_mask(const std::vector<int>& order) {
  Json mask = Json::array();
  for (const int to : order) {
    Json row = Json::array();
    for (const int from : order) row.push_back(from < to ? 1 : 0);
    mask.push_back(row);
  }
  return mask;
}

/// Numbers 0 … 23 in a mixed order.
std::vector<int> mixed_order() {
  std::vector<int> order;
  for (int i = 0; i < 24; ++i) order.push_back(i * 7 % 24);
  return order;
}

std::vector<int> order_of_24() {
  std::vector<int> order;
  for (int i = 0; i < 24; ++i) order.push_back(i);
  return order;
}

class FeedForward : public testing::TestWithParam<Acyclic> {};

INSTANTIATE_TEST_SUITE_P(
    Masks, FeedForward,
    testing::Values(Acyclic{"None", {{"pattern", "none"}}}, Acyclic{"Triangle", ordered_mask(order_of_24())},
                    Acyclic{"MixedTriangle", ordered_mask(mixed_order())},
                    Acyclic{"ChainOfModules",
                            {{"pattern", "modules"},
                             {"sizes", {8, 8, 8}},
                             {"connected", {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}}}},
                    Acyclic{"ChainOfManyModules",
                            {{"pattern", "modules"},
                             {"sizes", {6, 6, 6, 6}},
                             {"connected", {{0, 0, 1, 0}, {1, 0, 0, 1}, {0, 0, 0, 0}, {0, 0, 1, 0}}}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(FeedForward, LeavesTheWeightsAsDrawnAndSaysSo) {
  const Json network = {{"N_rec", 24}, {"rec_connectivity", GetParam().mask}};
  const Session session(support::experiment(document_of(network)), 1);
  ASSERT_EQ(session.trainer().warnings().size(), 1u);
  EXPECT_NE(session.trainer().warnings()[0].find("spectral radius"), std::string::npos);
  Json drawn = network;
  drawn["initializer"] = initializer("WeightInitializer", {{"which_rand_init", "const_gauss"}});
  EXPECT_EQ(initial(session, "W_rec"), initial(Session(support::experiment(document_of(drawn)), 1), "W_rec"));
}

TEST_P(FeedForward, IsScaledOnceACycleIsThere) {
  // A connection of a unit with itself closes the shortest one.
  const Json plain = support::resolved(document_of({{"N_rec", 24}, {"rec_connectivity", GetParam().mask}}));
  auto mask = make_constraints(plain["network"], 2, 24, 2, {}).recurrent.connectivity;
  mask[0] = 1;
  const Session session(
      support::experiment(document_of({{"N_rec", 24}, {"rec_connectivity", support::nested(mask, 24)}})), 1);
  EXPECT_TRUE(session.trainer().warnings().empty());
  EXPECT_NEAR(std::abs(session.effective_weights()[48]), 1.1, 1e-4);  // the only eigenvalue that is not 0
}

TEST(Balance, MakesExcitationAndInhibitionOfEachRowAlikeOnAverage) {
  // Weights of one magnitude stand for their average.
  const int N = 20;
  const Json resolved = support::resolved(document_of(
      {{"N_rec", N}, {"dale_ratio", .75}, {"rec_connectivity", {{"pattern", "random"}, {"density", .6}}}}));
  const Constraints made = make_constraints(resolved["network"], 2, N, 2, {});
  const std::vector<float>& mask = made.recurrent.connectivity;
  std::vector<float> W_rec(N * N, 1.0f), effective(N * N);
  balance_dale(made, N, Conventions::standard, W_rec.data());
  apply_constraint(made.recurrent, N, N, W_rec.data(), effective.data());
  for (std::size_t row = 0; row < N; ++row) {
    double excitation = 0, inhibition = 0, square = 0, before = 0;
    for (std::size_t i = row * N; i < (row + 1) * N; ++i) {
      (effective[i] > 0 ? excitation : inhibition) += effective[i];
      square += std::pow(effective[i], 2);
      before += std::pow(mask[i], 2);
    }
    ASSERT_LT(inhibition, 0) << row;
    EXPECT_NEAR(excitation, -inhibition, 1e-5 * excitation) << row;
    EXPECT_NEAR(square, before, 1e-5 * before) << row;
  }
}

TEST(Balance, HasNothingToDoWhereAllUnitsAreExcitatory) {
  for (const char* conventions : {"standard", "psychrnn"}) {
    const Session all(support::experiment(document_of({{"dale_ratio", 1}}, conventions)), 1);
    for (const float weight : all.trainer().raw_weights()) ASSERT_TRUE(std::isfinite(weight));
    for (const float weight :
         support::part_of(all.experiment().network->layout(), "W_rec", all.effective_weights()))
      ASSERT_GE(weight, 0);
  }
}

TEST(ExcitatoryUnits, AreTheProductRoundedDownButNotByItsRounding) {
  EXPECT_EQ(excitatory_units(.29, 100, Conventions::standard), 29);
  EXPECT_EQ(excitatory_units(.29, 100, Conventions::psychrnn), 28);
  for (const Conventions conventions : {Conventions::standard, Conventions::psychrnn}) {
    EXPECT_EQ(excitatory_units(.8, 50, conventions), 40);
    EXPECT_EQ(excitatory_units(.299, 100, conventions), 29);
    EXPECT_EQ(excitatory_units(1, 7, conventions), 7);
  }
  for (int percent = 1; percent <= 100; ++percent)
    EXPECT_EQ(excitatory_units(percent / 100.0, 100, Conventions::standard), percent);
}

TEST(DaleSigns, MayBeGivenAsAListOrAsPsychRnnsMatrix) {
  const Json list = {1, -1, -1, 1};
  Json matrix = Json::array();
  for (std::size_t i = 0; i < 4; ++i) {
    matrix.push_back({0, 0, 0, 0});
    matrix[i][i] = list[i];
  }
  for (const Json& signs : {list, matrix}) {
    const Json resolved = support::resolved(document_of({{"N_rec", 4}, {"Dale_rec", signs}}));
    const Constraints made = make_constraints(resolved["network"], 2, 4, 2, {});
    ASSERT_TRUE(made.dale);
    EXPECT_EQ(made.dale->recurrent, (std::vector<float>{1, -1, -1, 1}));
    EXPECT_EQ(made.dale->output, (std::vector<float>{1, 0, 0, 1}));
    EXPECT_EQ(made.dale->ratio, .5);
  }
}

/// Given values for a network of three units.
const Json given_weights = {{"W_in", {{1, 2}, {3, 4}, {5, 6}}},
                            {"W_rec", {{.5, 0, 1}, {1, 2, 3}, {-1, 0, .25}}},
                            {"W_out", {{1, 0, 2}, {-3, 4, .5}}},
                            {"b_rec", {.1, .2, .3}},
                            {"b_out", {-1, 1}},
                            {"init_state", {.4, .5, .6}}};

std::vector<float> flat(const Json& value) {
  std::vector<float> numbers;
  for (const Json& element : value.flatten()) numbers.push_back(element.get<float>());
  return numbers;
}

TEST(GivenWeights, AreTheInitialOnesToTheBit) {
  for (const char* type : {"WeightInitializer", "GaussianSpectralRadius", "AlphaIdentity"}) {
    const Session session(
        support::experiment(document_of({{"N_rec", 3}, {"initializer", initializer(type, given_weights)}})),
        1);
    for (const auto& [name, value] : given_weights.items())
      EXPECT_EQ(initial(session, name), flat(value)) << type << " " << name;
    EXPECT_TRUE(session.trainer().warnings().empty());
  }
}

TEST(GivenWeights, OfWRecAreDrawnOverWherePsychRnnDoes) {
  const auto W_rec = [](const char* type) {
    return initial(
        Session(support::experiment(document_of(
                    {{"N_rec", 3}, {"initializer", initializer(type, given_weights)}}, "psychrnn")),
                1),
        "W_rec");
  };
  const auto given = flat(given_weights["W_rec"]);
  EXPECT_EQ(W_rec("WeightInitializer"), given);
  EXPECT_NEAR(spectral_radius(W_rec("GaussianSpectralRadius").data(), 3), 1.1, 1e-5);
  EXPECT_EQ(W_rec("AlphaIdentity"), (std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1}));
}

TEST(GivenWeights, LeaveTheOthersDrawnAsWithoutThem) {
  const Json some = initializer("GaussianSpectralRadius", {{"W_in", given_weights["W_in"]}});
  const Session with(support::experiment(document_of({{"N_rec", 3}, {"initializer", some}})), 1);
  const Session without(support::experiment(document_of({{"N_rec", 3}})), 1);
  EXPECT_EQ(initial(with, "W_in"), flat(given_weights["W_in"]));
  for (const char* name : {"W_rec", "W_out", "init_state"})
    EXPECT_EQ(initial(with, name), initial(without, name)) << name;
}

/// The given weights as a file, as PsychRNN shapes them.
void add_weights(support::MemoryFiles& files) {
  std::vector<NamedArray> arrays;
  for (const auto& [name, value] : given_weights.items()) {
    Shape shape = {value.size()};
    if (value.front().is_array()) shape.push_back(value.front().size());
    if (name == "init_state") shape = {1, 3};
    arrays.push_back(support::named_array(name, shape, flat(value)));
  }
  files.add("weights.npz", arrays);
}

TEST(WeightsOfAFile, AreTheInitialOnes) {
  support::MemoryFiles files;
  add_weights(files);
  const Json section =
      initializer("WeightInitializer", {{"load_weights_path", "weights.npz"}, {"b_out", {7, 8}}});
  const Session session(support::experiment(document_of({{"N_rec", 3}, {"initializer", section}}), files), 1);
  for (const auto& [name, value] : given_weights.items())
    EXPECT_EQ(initial(session, name), flat(name == "b_out" ? Json{7, 8} : value)) << name;
}

TEST(WeightsOfAFile, MayBeSingleArrays) {
  support::MemoryFiles files;
  add_weights(files);
  const Json section =
      initializer("GaussianSpectralRadius", {{"W_rec", {{"file", "weights.npz"}, {"key", "W_rec"}}}});
  const Session session(support::experiment(document_of({{"N_rec", 3}, {"initializer", section}}), files), 1);
  EXPECT_EQ(initial(session, "W_rec"), flat(given_weights["W_rec"]));
  EXPECT_NE(initial(session, "W_in"), flat(given_weights["W_in"]));
}

TEST(Distributions, HaveTheirLimitsAndDeviations) {
  const auto W_rec = [](const char* name) {
    return initial(Session(support::experiment(document_of(
                               {{"N_rec", 80},
                                {"initializer", initializer("WeightInitializer", {{"which_rand_init", name},
                                                                                  {"init_minval", -.3},
                                                                                  {"init_maxval", .5}})}})),
                           1),
                   "W_rec");
  };
  const auto expect = [&](const char* name, double low, double high, double mean, double deviation) {
    double sum = 0, squares = 0;
    const auto weights = W_rec(name);
    for (const double weight : weights) {
      EXPECT_GE(weight, low) << name;
      EXPECT_LE(weight, high) << name;
      sum += weight;
      squares += (weight - mean) * (weight - mean);
    }
    const auto count = static_cast<double>(weights.size());
    EXPECT_NEAR(sum / count, mean, 4 * deviation / std::sqrt(count)) << name;
    EXPECT_NEAR(std::sqrt(squares / count), deviation, 4 * deviation / std::sqrt(2 * count)) << name;
  };
  const double limit = std::sqrt(6.0 / 160);
  expect("glorot_gauss", -5.8, 5.8, 0, std::sqrt(2.0 / 160));
  expect("glorot_unif", -limit, limit, 0, limit / std::sqrt(3));
  expect("const_gauss", -5.8, 5.8, 0, 1);
  expect("const_unif", -.3, .5, .1, .4 / std::sqrt(3));
}

}  // namespace

}  // namespace nullcline
