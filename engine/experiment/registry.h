#pragma once

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/problem.h"

namespace nullcline {

/// How many types programs have added, of all kinds: when it has risen, describe() describes anew.
inline std::atomic<int> added_types = 0;

/// The names of types, in their order.
template <class Type>
std::vector<std::string> names_of(const std::vector<Type>& types) {
  std::vector<std::string> names;
  for (const Type& type : types) names.push_back(type.name);
  return names;
}

/// The type of that name, which a validated document has.
template <class Type>
const Type& named(const std::vector<Type>& types, const std::string& name) {
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const Type& type) { return type.name == name; });
  if (found == types.end())
    throw Failure({"not_allowed", "", "There is no type of the name " + name + ".", ""});
  return *found;
}

/// The types of one kind ("task"): those that are built in, then those that a program adds, in the order in
/// which forms list them. A type has a `name`, which is that in the document.
template <class Type>
class Registry {
 public:
  Registry(std::string kind, std::vector<Type> built_in)
      : kind_(std::move(kind)), types_(std::move(built_in)) {}

  const std::vector<Type>& all() const { return types_; }

  /// To be called before experiments are made, not while another thread makes one. Throws a Failure when the
  /// name is taken.
  void add(Type type) {
    const bool taken =
        std::any_of(types_.begin(), types_.end(), [&](const Type& other) { return other.name == type.name; });
    if (taken)
      throw Failure({"not_allowed", kind_ + "." + type.name,
                     "There is a " + kind_ + " of the name \"" + type.name + "\" already.",
                     "Give it another name."});
    types_.push_back(std::move(type));
    ++added_types;
  }

 private:
  std::string kind_;
  std::vector<Type> types_;
};

}  // namespace nullcline
