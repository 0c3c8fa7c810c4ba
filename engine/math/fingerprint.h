#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace nullcline {

/// FNV-1a with 64 bits (Fowler, Noll & Vo): a fingerprint of bytes, not a seal against forgers.
class Fingerprint {
 public:
  void add(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }
  /// The bytes of the number, the lowest first.
  void add(float number) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    for (int shift = 0; shift < 32; shift += 8) add(static_cast<std::uint8_t>(bits >> shift));
  }
  void add(std::string_view text) {
    for (const char character : text) add(static_cast<std::uint8_t>(character));
  }
  template <class Numbers>
  void add_all(const Numbers& numbers) {
    for (const float number : numbers) add(number);
  }
  /// 16 hexadecimal digits.
  std::string text() const {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value_));
    return digits;
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace nullcline
