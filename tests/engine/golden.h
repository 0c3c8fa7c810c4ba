#pragma once

#include <string>
#include <vector>

#include "engine/experiment/json.h"

namespace nullcline::support {

/// An array of a golden file, in C order.
struct GoldenArray {
  std::vector<int> shape;
  std::vector<double> values;

  std::vector<float> floats() const { return {values.begin(), values.end()}; }
};

/// One file of golden vectors, unpacked by the build; tests/golden/README.md says what each holds. A key that
/// is not there or not of the kind asked for throws.
class Golden {
 public:
  /// `name` without its ending: "psychrnn_task_pd_0".
  explicit Golden(const std::string& name);

  bool has(const std::string& key) const;
  GoldenArray array(const std::string& key) const;
  double number(const std::string& key) const;
  std::string text(const std::string& key) const;
  Json json(const std::string& key) const { return Json::parse(text(key)); }

 private:
  std::string path(const std::string& key) const { return folder_ + key + ".npy"; }
  std::string folder_;
};

/// A JSON file among the golden ones.
Json golden_json(const std::string& name);

}  // namespace nullcline::support
