// PsychRNN's initial weights, masks and signs.
#include <gtest/gtest.h>

#include "engine/math/spectrum.h"
#include "engine/networks/initializer.h"
#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Golden;
using support::GoldenArray;

TEST(GoldenInitialWeights, HaveGlorotsDeviationsAndLimits) {
  const Golden golden("psychrnn_init");
  for (const std::string name : {"a", "b"}) {
    const GoldenArray mask = golden.array("conn_" + name);
    support::expect_close(golden.array("glorot_gauss_sd_" + name).values,
                          glorot_deviations(mask.floats(), mask.shape[0], mask.shape[1]), 1e-6, name);
    support::expect_close(golden.array("glorot_unif_limit_" + name).values,
                          glorot_limits(mask.floats(), mask.shape[0], mask.shape[1]), 1e-6, name);
  }
}

/// One of the file's matrices, in a document that has its mask and its share of excitatory units.
class GoldenRecurrentWeights : public testing::TestWithParam<int> {
 protected:
  GoldenArray array(const std::string& group, const std::string& key) const {
    return golden_.array(group + std::to_string(GetParam()) + "_" + key);
  }
  bool has_dale() const { return array("gsr", "dale").values[0] >= 0; }

  Json document(const Json& network = Json::object()) const {
    Json changes = {{"conventions", "psychrnn"},
                    {"network",
                     {{"N_rec", units()},
                      {"rec_connectivity", support::nested(array("gsr", "conn").values, units())},
                      {"dale_ratio", has_dale() ? Json(array("gsr", "dale").values[0]) : Json()}}}};
    changes["network"].update(network);
    return support::hello_world(changes);
  }
  int units() const { return array("gsr", "G").shape[0]; }
  Constraints constraints(const Json& network = Json::object()) const {
    const Json resolved = support::resolved(document(network));
    return make_constraints(resolved["network"], 2, units(), 2, {Conventions::psychrnn});
  }

  Golden golden_{"psychrnn_init"};
};

INSTANTIATE_TEST_SUITE_P(PsychRnn, GoldenRecurrentWeights, testing::Values(0, 1, 2, 3));

TEST_P(GoldenRecurrentWeights, HaveTheSignsOfDalesLaw) {
  const Constraints made = constraints();
  ASSERT_EQ(made.dale.has_value(), has_dale());
  if (!made.dale) return;
  const auto size = static_cast<std::size_t>(units());
  for (std::size_t i = 0; i < size * size; ++i) {
    const bool diagonal = i % (size + 1) == 0;
    EXPECT_EQ(diagonal ? made.dale->recurrent[i / size] : 0, array("gsr", "Dale_rec").values[i]) << i;
    EXPECT_EQ(diagonal ? made.dale->output[i / size] : 0, array("gsr", "Dale_out").values[i]) << i;
  }
}

TEST_P(GoldenRecurrentWeights, AreBalancedAsByPsychRnn) {
  std::vector<float> W_rec = array("gsr", "G").floats();
  balance_dale(constraints(), units(), Conventions::psychrnn, W_rec.data());
  support::expect_close(array("bal", "W_rec").values, W_rec, 1e-5, "W_rec");
}

TEST_P(GoldenRecurrentWeights, AreScaledAsByPsychRnn) {
  const Constraints made = constraints();
  std::vector<float> W_rec = array("gsr", "G").floats();
  balance_dale(made, units(), Conventions::psychrnn, W_rec.data());
  ASSERT_TRUE(scale_to_spectral_radius(made, units(), array("gsr", "spec_rad").values[0],
                                       Conventions::psychrnn, W_rec.data()));
  support::expect_close(array("gsr", "W_rec").values, W_rec, 1e-5, "W_rec");
  std::vector<float> effective(W_rec.size());
  apply_constraint(made.recurrent, units(), units(), W_rec.data(), effective.data());
  EXPECT_NEAR(spectral_radius(effective.data(), units()), array("gsr", "effective_spectral_radius").values[0],
              1e-5);
}

TEST_P(GoldenRecurrentWeights, AreAMultipleOfTheIdentityWhereThatIsAskedFor) {
  const Experiment experiment = support::experiment(
      document({{"initializer", {{"type", "AlphaIdentity"}, {"alpha", array("alpha", "alpha").values[0]}}}}));
  FloatBuffer raw(experiment.network->layout().size());
  experiment.network->initialize(*experiment.kernels, 1, raw.data());
  support::expect_close(array("alpha", "W_rec").values,
                        support::part_of(experiment.network->layout(), "W_rec", raw), 1e-5, "W_rec");
}

TEST_P(GoldenRecurrentWeights, HaveNoConnectionOfAUnitWithItselfWithoutAutapses) {
  const GoldenArray wanted = array("autapse", "conn");
  EXPECT_EQ(constraints({{"autapses", false}}).recurrent.connectivity, wanted.floats());
}

}  // namespace

}  // namespace nullcline
