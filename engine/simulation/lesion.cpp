#include "engine/simulation/lesion.h"

#include <algorithm>

#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

namespace {

std::size_t matrix_size(int N_rec) {
  return static_cast<std::size_t>(N_rec) * static_cast<std::size_t>(N_rec);
}

bool units_are_silent(const Lesion& lesion, int step, double dt) {
  if (lesion.units.empty()) return false;
  const double time = step * dt;
  return !lesion.window || (time >= lesion.window->from && time < lesion.window->to);
}

const float* connectivity_at(const Lesion& lesion, int N_rec, int step) {
  const std::size_t offset = lesion.changes_in_time ? static_cast<std::size_t>(step) * matrix_size(N_rec) : 0;
  return lesion.connectivity.data() + offset;
}

}  // namespace

void check_lesion(const Lesion& lesion, const Network& network, int N_steps, const std::string& name) {
  const int N_rec = network.N_rec();
  const auto fail = [&](const char* code, const std::string& place, const std::string& message) {
    throw Failure({code, name, name + ": " + place + " " + message, ""});
  };
  if (!lesion.connectivity.empty()) {
    if (!network.has_recurrent_matrix())
      fail("not_available", "connectivity",
           "needs a network with a matrix W_rec; silence units of this one instead.");
    const double wanted = 1.0 * N_rec * N_rec * (lesion.changes_in_time ? N_steps : 1);
    if (static_cast<double>(lesion.connectivity.size()) != wanted)
      fail("wrong_shape", lesion.changes_in_time ? "t_connectivity" : "connectivity",
           "must hold " + std::string(lesion.changes_in_time ? std::to_string(N_steps) + " × " : "") +
               std::to_string(N_rec) + " × " + std::to_string(N_rec) + " values; found " +
               std::to_string(lesion.connectivity.size()) + ".");
  }
  for (const int unit : lesion.units)
    if (unit < 0 || unit >= N_rec)
      fail(
          "out_of_range", "units",
          "must be numbers from 0 to " + std::to_string(N_rec - 1) + "; found " + std::to_string(unit) + ".");
  std::vector<int> sorted = lesion.units;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    fail("out_of_range", "units",
         "must be numbers of different units, counted from 0; found " + std::to_string(*twice) + " twice.");
  if (lesion.window && lesion.units.empty())
    fail("missing_field", "window", "says when units are silent; units are missing.");
  if (lesion.window && !(lesion.window->from <= lesion.window->to))
    fail("out_of_range", "window",
         "must begin before it ends; found from " + shown(lesion.window->from) + " to " +
             shown(lesion.window->to) + " ms.");
}

int steps_alike(const Lesion& lesion, int N_rec, int first, int N_steps, double dt) {
  const bool silent = units_are_silent(lesion, first, dt);
  const float* matrix = connectivity_at(lesion, N_rec, first);
  int step = first + 1;
  for (; step < N_steps; ++step) {
    if (units_are_silent(lesion, step, dt) != silent) break;
    if (!lesion.changes_in_time || lesion.connectivity.empty()) continue;
    if (!std::equal(matrix, matrix + matrix_size(N_rec), connectivity_at(lesion, N_rec, step))) break;
  }
  return step - first;
}

void apply_lesion(const Lesion& lesion, const Network& network, int step, double dt,
                  const FloatBuffer& effective, FloatBuffer& lesioned) {
  lesioned = effective;
  if (!lesion.connectivity.empty())
    network.mask_recurrent(connectivity_at(lesion, network.N_rec(), step), lesioned.data());
  if (!units_are_silent(lesion, step, dt)) return;
  for (const int unit : lesion.units) network.silence(unit, lesioned.data());
}

}  // namespace nullcline
