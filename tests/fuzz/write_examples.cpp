// Writes what the fuzz targets begin with: write_examples FOLDER makes a folder in it for each decoder.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/fuzz/decoders.h"

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "write_examples FOLDER" << std::endl;
    return EXIT_FAILURE;
  }
  for (const auto& decoder : nullcline::support::decoders()) {
    const std::filesystem::path folder = std::filesystem::path(words[1]) / decoder.name;
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& example : decoder.examples())
      std::ofstream(folder / ("example-" + std::to_string(number++)), std::ios::binary) << example;
  }
  return EXIT_SUCCESS;
}
