#pragma once

#include <emscripten/val.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "engine/experiment/memory_files.h"
#include "engine/experiment/problem.h"

/// How values cross between JavaScript and the engine: always as copies.
namespace nullcline {

emscripten::val to_val(const Problem& problem);

/// Runs `function` and wraps what it returns, or the problem that it threw.
template <class Function>
emscripten::val guarded(Function function) {
  emscripten::val answer = emscripten::val::object();
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

/// A typed array of its own.
template <class Values>
emscripten::val copied(const Values& values) {
  return emscripten::val(emscripten::typed_memory_view(values.size(), values.data()))
      .template call<emscripten::val>("slice");
}

/// A list whose entries `convert` makes.
template <class Values, class Convert>
emscripten::val list_of(const Values& values, Convert convert) {
  emscripten::val list = emscripten::val::array();
  for (const auto& value : values) list.call<void>("push", convert(value));
  return list;
}

emscripten::val to_val(const std::vector<std::string>& texts);

/// Numbers of a typed array or list; none where there is none.
std::vector<float> floats(const emscripten::val& array);

/// A file { name, members }, each member being { key, bytes } of a .npy file or { key, shape, data }.
/// Throws a Failure where data and shape do not fit each other.
std::shared_ptr<const MemoryArrays> to_file(const emscripten::val& file);
MemoryFiles to_files(const emscripten::val& files);

/// A list of { key, bytes }.
emscripten::val to_members(const std::vector<NamedArray>& arrays);

}  // namespace nullcline
