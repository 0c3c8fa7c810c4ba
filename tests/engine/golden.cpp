#include "tests/engine/golden.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "engine/experiment/npy.h"

namespace nullcline::support {

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("There is no " + path + ".");
  return {std::istreambuf_iterator<char>(file), {}};
}

Array read(const std::string& path) { return read_npy(bytes_of(path), path); }

}  // namespace

Golden::Golden(const std::string& name) : folder_(std::string(NULLCLINE_GOLDEN) + "/" + name + "/") {
  if (!std::filesystem::is_directory(folder_)) throw std::runtime_error("There is no " + folder_ + ".");
}

bool Golden::has(const std::string& key) const { return std::filesystem::exists(path(key)); }

GoldenArray Golden::array(const std::string& key) const {
  const Array found = read(path(key));
  GoldenArray result{{found.shape.begin(), found.shape.end()}, {}};
  const auto take = [&](const auto* values) {
    if (values != nullptr) result.values.assign(values->begin(), values->end());
  };
  take(found.get_if<std::vector<float>>());
  take(found.get_if<std::vector<double>>());
  take(found.get_if<std::vector<std::int64_t>>());
  if (result.values.empty()) throw std::runtime_error(path(key) + " holds no numbers.");
  return result;
}

double Golden::number(const std::string& key) const {
  const GoldenArray found = array(key);
  if (found.values.size() != 1) throw std::runtime_error(path(key) + " is not one number.");
  return found.values[0];
}

std::string Golden::text(const std::string& key) const {
  const Array found = read(path(key));
  const auto* text = found.get_if<std::string>();
  if (text == nullptr) throw std::runtime_error(path(key) + " is not text.");
  return *text;
}

Json golden_json(const std::string& name) {
  return Json::parse(bytes_of(std::string(NULLCLINE_GOLDEN) + "/" + name));
}

}  // namespace nullcline::support
