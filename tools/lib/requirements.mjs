// What the project needs from the system, in groups, each with the Debian package that brings it
// and the files that prove that it is there.
import { existsSync } from "node:fs";
import { which } from "./process.mjs";

const prefixes = ["/usr", "/usr/local", "/opt/homebrew"];

const program = (name, debian, say = name) => ({ say, debian, present: () => which(name) !== undefined });

const file = (say, debian, ...paths) => ({
  say,
  debian,
  present: () => paths.some((path) => prefixes.some((prefix) => existsSync(`${prefix}/${path}`))),
});

const groups = {
  build: [
    program("c++", "g++", "a C++20 compiler"),
    program("cmake", "cmake", "CMake 3.25 or newer"),
    program("ninja", "ninja-build", "Ninja"),
    file("Eigen 3.4", "libeigen3-dev", "include/eigen3/Eigen/Core"),
    file("nlohmann/json 3.11", "nlohmann-json3-dev", "include/nlohmann/json.hpp"),
    file("Random123 1.14", "librandom123-dev", "include/Random123/philox.h"),
  ],
  native: [
    file("CLI11 2", "libcli11-dev", "include/CLI/CLI.hpp"),
    file("libzip 1.7", "libzip-dev", "include/zip.h"),
  ],
  tests: [
    file("GoogleTest's sources", "googletest", "src/googletest/CMakeLists.txt"),
    file("GoogleTest", "libgtest-dev", "include/gtest/gtest.h"),
    file("NumPy of /usr/bin/python3", "python3-numpy", "lib/python3/dist-packages/numpy/__init__.py"),
  ],
  lint: [
    program("clang-format-14", "clang-format-14", "clang-format 14"),
    program("clang-tidy-14", "clang-tidy-14", "clang-tidy 14"),
  ],
  browser: [program("chromium", "chromium", "Chromium")],
  // Used by the Emscripten that the set-up unpacks; one that is on PATH brings its own.
  emscripten: [
    program("python3", "python3", "Python 3"),
    program("clang-19", "clang-19", "clang 19"),
    program("wasm-ld-19", "lld-19", "wasm-ld 19"),
    program("llvm-ar-19", "llvm-19", "LLVM 19"),
  ],
};

/** The requirements of some groups that this machine does not fulfil. */
export function missingFrom(names) {
  return names.flatMap((name) => groups[name]).filter((requirement) => !requirement.present());
}
