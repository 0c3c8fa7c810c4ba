#include "wasm/values.h"

namespace nullcline {

using emscripten::val;

namespace {

bool is_missing(const val& value) { return value.isUndefined() || value.isNull(); }

/// The array { shape, data } as a .npy file.
std::string npy_of(const val& member, const std::string& place) {
  Array array;
  for (const double length : emscripten::convertJSArrayToNumberVector<double>(member["shape"]))
    array.shape.push_back(static_cast<std::size_t>(length));
  const val data = member["data"];
  if (data.instanceof (val::global("Float32Array")))
    array.values = emscripten::convertJSArrayToNumberVector<float>(data);
  else
    array.values = emscripten::convertJSArrayToNumberVector<double>(data);
  const auto found = data["length"].as<double>();
  double wanted = 1;
  for (const std::size_t length : array.shape) wanted *= static_cast<double>(length);
  if (found != wanted)
    throw Failure({"wrong_shape", place,
                   place + " has the shape " + shown(array.shape) + ", but " +
                       std::to_string(data["length"].as<unsigned>()) + " values.",
                   ""});
  return write_npy(array);
}

}  // namespace

val to_val(const Problem& problem) {
  val object = val::object();
  object.set("code", problem.code);
  object.set("path", problem.path);
  object.set("message", problem.message);
  object.set("hint", problem.hint);
  return object;
}

val to_val(const std::vector<std::string>& texts) {
  return list_of(texts, [](const std::string& text) { return val(text); });
}

std::vector<float> floats(const val& array) {
  return is_missing(array) ? std::vector<float>() : emscripten::convertJSArrayToNumberVector<float>(array);
}

std::shared_ptr<const MemoryArrays> to_file(const val& file) {
  const auto name = file["name"].as<std::string>();
  MemoryArrays::Members members;
  for (const val& member : emscripten::vecFromJSArray<val>(file["members"])) {
    const auto key = member["key"].as<std::string>();
    const val bytes = member["bytes"];
    members.emplace_back(key,
                         is_missing(bytes) ? npy_of(member, name + ": " + key) : bytes.as<std::string>());
  }
  return std::make_shared<MemoryArrays>(name, std::move(members));
}

MemoryFiles to_files(const val& files) {
  MemoryFiles::Files all;
  for (const val& file : emscripten::vecFromJSArray<val>(files)) all.push_back(to_file(file));
  return MemoryFiles(std::move(all));
}

val to_members(const std::vector<NamedArray>& arrays) {
  return list_of(arrays, [](const NamedArray& array) {
    const std::string bytes = write_npy(array.second);
    val member = val::object();
    member.set("key", array.first);
    member.set("bytes", val(emscripten::typed_memory_view(
                                bytes.size(), reinterpret_cast<const unsigned char*>(bytes.data())))
                            .call<val>("slice"));
    return member;
  });
}

}  // namespace nullcline
