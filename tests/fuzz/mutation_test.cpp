// Every decoder meets ten thousand mutations of what it takes, the same ones each time. It must take or
// refuse each within a second and within bounds of memory, and leave a session that it is to change as it was
// where it refuses. The fuzz targets look further.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "tests/engine/allocation_counter.h"
#include "tests/fuzz/decoders.h"

namespace nullcline {

namespace {

using support::Decoder;

constexpr int mutations = 10000;
constexpr double most_seconds = 1;
/// What sanitizers cost where a decoder makes the largest matrices that there can be.
constexpr double slowdown = NULLCLINE_SANITIZED ? 20 : 1;

/// Memory that a decoder may take for so many bytes. A document of a few bytes may ask for a network of
/// thousands of units, whose matrices are made before it is refused or taken.
std::size_t most_memory(const Decoder& decoder, std::size_t bytes) {
  constexpr std::size_t megabyte = std::size_t{1} << 20;
  return (decoder.name == "document" ? 1024 : 16) * megabyte + 64 * bytes;
}

/// Changes bytes in the ways in which files are damaged, and in those in which they are made to do harm.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : engine_(seed) {}

  std::string mutated(std::string bytes, const std::string& other) {
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(bytes, other);
    return bytes;
  }

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : engine_() % limit; }

 private:
  void change(std::string& bytes, const std::string& other) {
    const std::size_t place = below(bytes.size() + 1);
    const std::size_t length = std::min(1 + below(1 + below(40)), bytes.size() - place);
    switch (below(10)) {
      case 0:
        if (place < bytes.size()) bytes[place] = static_cast<char>(bytes[place] ^ (1 << below(8)));
        break;
      case 1:
        if (place < bytes.size()) bytes[place] = static_cast<char>(engine_());
        break;
      case 2:
        bytes.erase(place, length);
        break;
      case 3:
        bytes.insert(place, bytes.substr(below(bytes.size() + 1), 1 + below(40)));
        break;
      case 4:
        bytes.replace(place, length, other.substr(below(other.size() + 1), 1 + below(40)));
        break;
      case 5:
        if (below(4) == 0) bytes.resize(place);
        break;
      case 6:
        bytes.insert(place, word());
        break;
      case 7:
        bytes.replace(place, length, word());
        break;
      case 8:
        number(bytes, place);
        break;
      default:
        integer(bytes, place);
        break;
    }
  }

  /// Pieces that mean something to one decoder or another.
  std::string word() {
    static const std::vector<std::string> words = {"null",
                                                   "true",
                                                   "{}",
                                                   "[]",
                                                   "[[",
                                                   "]]",
                                                   "{\"",
                                                   "\":",
                                                   ",",
                                                   "\"",
                                                   "-1",
                                                   "0",
                                                   "1e999",
                                                   "1e308",
                                                   "4096",
                                                   "100000",
                                                   "2147483648",
                                                   "1e-320",
                                                   "NaN",
                                                   "\\ud800",
                                                   "\"type\":",
                                                   "\"file\":",
                                                   "(0,)",
                                                   "(1,)",
                                                   "()",
                                                   "'<f8'",
                                                   "'>f4'",
                                                   "'|O'",
                                                   "'<U9'",
                                                   "True",
                                                   "4294967296, 4294967296",
                                                   "18446744073709551615",
                                                   "\x93NUMPY",
                                                   std::string(70, '['),
                                                   std::string(70, '{'),
                                                   std::string(8, '\0'),
                                                   std::string(8, '\xff')};
    return words[below(words.size())];
  }

  /// Replaces the number in digits that stands after `place`.
  void number(std::string& bytes, std::size_t place) {
    const std::size_t first = bytes.find_first_of("0123456789", place);
    if (first == std::string::npos) return;
    const std::size_t end = std::min(bytes.find_first_not_of("0123456789.", first), bytes.size());
    static const std::vector<std::string> numbers = {"0",    "1",   "-1",    "2",    "0.5",        "1.5",
                                                     "1e-9", "1e9", "1e300", "4096", "4294967295", "65536"};
    bytes.replace(first, end - first, numbers[below(numbers.size())]);
  }

  /// Writes a number of two, four or eight bytes, as headers have lengths and arrays values.
  void integer(std::string& bytes, std::size_t place) {
    static const std::vector<std::uint64_t> values = {0,
                                                      1,
                                                      0x7f,
                                                      0xff,
                                                      0x7fff,
                                                      0xffff,
                                                      0x7fffffff,
                                                      0xffffffff,
                                                      0x7f800000,
                                                      0x7fc00000,
                                                      0x7ff0000000000000,
                                                      0xffffffffffffffff};
    std::uint64_t value = values[below(values.size())];
    for (std::size_t size = std::size_t{2} << below(3); size > 0 && place < bytes.size(); --size, ++place) {
      bytes[place] = static_cast<char>(value & 0xff);
      value >>= 8;
    }
  }

  std::mt19937 engine_;
};

class Mutations : public testing::TestWithParam<Decoder> {};

INSTANTIATE_TEST_SUITE_P(Of, Mutations, testing::ValuesIn(support::decoders()),
                         [](const auto& test) { return test.param.name; });

/// The processor's time, since others may use it as well.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Has the decoder take these bytes, and holds it to its bounds.
void hold_to_bounds(const Decoder& decoder, const std::string& bytes, const std::string& what,
                    double limit = most_seconds) {
  const support::MemoryWatch watch;
  const double start = seconds();
  const std::string complaint = decoder.complaint(bytes);
  const double took = seconds() - start;
  const std::string shown = what + ": " + testing::PrintToString(bytes.substr(0, 5000));
  ASSERT_EQ(complaint, "") << shown;
  ASSERT_LT(took, limit) << shown;
  ASSERT_LE(watch.most(), most_memory(decoder, bytes.size())) << shown;
}

TEST_P(Mutations, AreTakenOrRefusedAndChangeNothing) {
  const Decoder& decoder = GetParam();
  const std::vector<std::string> examples = decoder.examples();
  for (const std::string& example : examples) ASSERT_EQ(decoder.complaint(example), "");
  Mutator mutator(1);
  for (int i = 0; i < mutations && !HasFatalFailure(); ++i) {
    const std::string& example = examples[mutator.below(examples.size())];
    const std::string bytes = mutator.mutated(example, examples[mutator.below(examples.size())]);
    hold_to_bounds(decoder, bytes, "mutation " + std::to_string(i));
  }
}

TEST_P(Mutations, ThatMeanHarmAreRefused) {
  for (const std::string& bytes : GetParam().harmful())
    hold_to_bounds(GetParam(), bytes, "made to do harm", slowdown * most_seconds);
}

}  // namespace

}  // namespace nullcline
