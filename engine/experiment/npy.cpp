#include "engine/experiment/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>

#include "engine/experiment/pickle.h"
#include "engine/experiment/problem.h"
#include "engine/experiment/schema.h"

namespace nullcline {

// Every target there is, WebAssembly among them; only the files may be otherwise.
static_assert(std::endian::native == std::endian::little);

namespace {

constexpr std::string_view magic = "\x93NUMPY";
/// More than any memory holds, while the bytes they take can still be counted.
constexpr std::size_t most_values = std::numeric_limits<std::size_t>::max() / 16;
constexpr std::size_t most_dimensions = 32;

/// What the text at a .npy file's beginning says.
struct Header {
  std::string type;
  bool fortran_order = false;
  Shape shape;
};

/// Reads the header's text, a Python dictionary such as
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header parse() {
    expect('{');
    while (!accept('}')) {
      entry(quoted());
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (seen_ != 3) fail();
    return std::move(header_);
  }

 private:
  void entry(const std::string& key) {
    expect(':');
    ++seen_;
    if (key == "descr") {
      if (peek() == '[')
        bad_file(name_, "holds records with named fields; only plain numbers and text are read.");
      header_.type = quoted();
    } else if (key == "fortran_order") {
      header_.fortran_order = boolean();
    } else if (key == "shape") {
      shape();
    } else {
      fail();
    }
  }

  void shape() {
    expect('(');
    while (!accept(')')) {
      header_.shape.push_back(number());
      if (header_.shape.size() > most_dimensions) fail();
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  std::size_t number() {
    peek();
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + place_, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) bad_file(name_, "has a dimension beyond any size.");
    if (error != std::errc{}) fail();
    place_ = static_cast<std::size_t>(end - text_.data());
    accept('L');  // Python 2's long integers
    return value;
  }

  bool boolean() {
    peek();
    for (const std::string_view word : {"True", "False"}) {
      if (text_.substr(place_, word.size()) != word) continue;
      place_ += word.size();
      return word == "True";
    }
    fail();
  }

  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail();
    const std::size_t end = text_.find(quote, place_ + 1);
    if (end == std::string_view::npos) fail();
    std::string value(text_.substr(place_ + 1, end - place_ - 1));
    place_ = end + 1;
    return value;
  }

  /// The next character that is no blank; 0 at the end.
  char peek() {
    while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\n')) ++place_;
    return place_ < text_.size() ? text_[place_] : '\0';
  }

  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++place_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) fail();
  }

  [[noreturn]] void fail() const { bad_file(name_, "is damaged: its header is not one that NumPy writes."); }

  std::string_view text_;
  const std::string& name_;
  std::size_t place_ = 0;
  int seen_ = 0;
  Header header_;
};

/// The header's text; `bytes` shrinks to what follows it.
std::string_view take_header(std::string_view& bytes, const std::string& name) {
  if (bytes.substr(0, magic.size()) != magic || bytes.size() < 10)
    bad_file(name, "is not a NumPy array: it does not begin as one.");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    bad_file(name, "has the array format " + std::to_string(version) + "; 1, 2 and 3 are read.");
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (std::size_t i = std::min(start, bytes.size()); i > 8; --i)
    length = length << 8 | static_cast<unsigned char>(bytes[i - 1]);
  if (bytes.size() < start || length > std::min(longest_npy_header, bytes.size() - start))
    bad_file(name, "is cut short: it ends within its header.");
  const std::string_view text = bytes.substr(start, length);
  bytes.remove_prefix(start + length);
  return text;
}

/// Values stored as `Stored`, widened to `Value`.
template <class Stored, class Value>
std::vector<Value> decode(std::string_view data, bool swapped) {
  std::vector<Value> values(data.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    unsigned char bytes[sizeof(Stored)];
    std::memcpy(bytes, data.data() + i * sizeof(Stored), sizeof(Stored));
    if (swapped) std::reverse(std::begin(bytes), std::end(bytes));
    Stored stored{};
    std::memcpy(&stored, bytes, sizeof(Stored));
    values[i] = static_cast<Value>(+stored);  // of a number, even where its type is a character's
  }
  return values;
}

/// A type of values that is read: NumPy's letter and size, and how.
struct ElementType {
  std::string_view code;
  std::size_t size;
  Array::Values (*decode)(std::string_view data, bool swapped);
};

template <class Stored, class Value>
constexpr ElementType element_type(std::string_view code) {
  return {code, sizeof(Stored), [](std::string_view data, bool swapped) -> Array::Values {
            return nullcline::decode<Stored, Value>(data, swapped);
          }};
}

constexpr ElementType element_types[] = {
    element_type<float, float>("f4"),
    element_type<double, double>("f8"),
    element_type<std::int8_t, std::int64_t>("i1"),
    element_type<std::int16_t, std::int64_t>("i2"),
    element_type<std::int32_t, std::int64_t>("i4"),
    element_type<std::int64_t, std::int64_t>("i8"),
    element_type<std::uint8_t, std::int64_t>("u1"),
    element_type<std::uint16_t, std::int64_t>("u2"),
    element_type<std::uint32_t, std::int64_t>("u4"),
    element_type<std::uint64_t, double>("u8"),
    element_type<std::uint8_t, std::int64_t>("b1"),
};

/// Brings values of `size` bytes that stand in Fortran's order, first index fastest, into C order.
std::string in_c_order(std::string_view data, const Shape& shape, std::size_t size) {
  std::string ordered;
  ordered.reserve(data.size());
  Shape index(shape.size(), 0), stride(shape.size(), size);
  for (std::size_t d = 1; d < shape.size(); ++d) stride[d] = stride[d - 1] * shape[d - 1];
  std::size_t place = 0;
  while (ordered.size() < data.size()) {
    ordered += data.substr(place, size);
    for (std::size_t d = shape.size(); d > 0; --d) {
      place += stride[d - 1];
      if (++index[d - 1] < shape[d - 1]) break;
      place -= stride[d - 1] * shape[d - 1];
      index[d - 1] = 0;
    }
  }
  return ordered;
}

std::size_t checked_size(const Shape& shape, const std::string& name) {
  std::size_t values = 1;
  for (const std::size_t length : shape) {
    const std::size_t factor = std::max<std::size_t>(length, 1);
    if (factor > most_values / values)
      bad_file(name, "has the shape " + shown(shape) + ", which no memory can hold.");
    values *= factor;
  }
  return values_in(shape);
}

Array read_numbers(const Header& header, const ElementType& type, std::string_view data,
                   const std::string& name) {
  const std::size_t wanted = checked_size(header.shape, name) * type.size;
  if (data.size() != wanted)
    bad_file(name, (data.size() < wanted ? "is cut short: its shape " : "is damaged: its shape ") +
                       shown(header.shape) + " takes " + std::to_string(wanted) + " bytes; found " +
                       std::to_string(data.size()) + ".");
  const bool swapped = header.type[0] == '>';
  if (!header.fortran_order) return {header.shape, type.decode(data, swapped)};
  return {header.shape, type.decode(in_c_order(data, header.shape, type.size), swapped)};
}

void append_utf8(std::uint32_t code, std::string& text) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

/// Text is stored as UTF-32, filled up with zeros.
Array read_text(const Header& header, std::string_view data, const std::string& name) {
  if (!header.shape.empty()) bad_file(name, "holds a list of texts; only a single text is read.");
  if (data.size() % 4 != 0 || std::to_string(data.size() / 4) != header.type.substr(2))
    bad_file(name, "is damaged: its text is not as long as its header says.");
  std::string text;
  for (const std::uint32_t code : decode<std::uint32_t, std::uint32_t>(data, header.type[0] == '>')) {
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
      bad_file(name, "holds text that is not Unicode.");
    append_utf8(code, text);
  }
  text.erase(std::find_if(text.rbegin(), text.rend(), [](char c) { return c != '\0'; }).base(), text.end());
  return {{}, std::move(text)};
}

/// The codes of UTF-8 text that this program made or that JSON let through, so it is well-formed.
std::vector<std::uint32_t> utf32(const std::string& text) {
  std::vector<std::uint32_t> codes;
  for (const char byte : text) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xc0) == 0x80 && !codes.empty()) {
      codes.back() = codes.back() << 6 | (bits & 0x3f);
    } else {
      codes.push_back(bits < 0x80 ? bits : bits < 0xe0 ? bits & 0x1f : bits < 0xf0 ? bits & 0x0f : bits & 7);
    }
  }
  return codes;
}

std::string npy_header(const std::string& type, const Shape& shape) {
  constexpr std::size_t alignment = 64;
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shown(shape) + ", }";
  const std::size_t used = magic.size() + 4 + text.size() + 1;
  text.append((alignment - used % alignment) % alignment, ' ');
  text += '\n';
  std::string header(magic);
  header += {'\1', '\0', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

template <class Value>
std::string npy_bytes(const std::string& type, const Shape& shape, const std::vector<Value>& values) {
  std::string bytes = npy_header(type, shape);
  const std::size_t start = bytes.size();
  bytes.resize(start + values.size() * sizeof(Value));
  if (!values.empty()) std::memcpy(bytes.data() + start, values.data(), values.size() * sizeof(Value));
  return bytes;
}

}  // namespace

std::size_t values_in(const Shape& shape) {
  std::size_t values = 1;
  for (const std::size_t length : shape) values *= length;
  return values;
}

Shape without_ones(Shape shape) {
  std::erase(shape, 1u);
  return shape;
}

std::string shown(const Shape& shape) {
  std::string text = "(";
  for (std::size_t d = 0; d < shape.size(); ++d) text += (d == 0 ? "" : ", ") + std::to_string(shape[d]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

Array read_npy(std::string_view bytes, const std::string& name) {
  const Header header = HeaderParser(take_header(bytes, name), name).parse();
  const std::string code = header.type.empty() ? "" : header.type.substr(1);
  if (header.type[0] == '<' || header.type[0] == '>' || header.type[0] == '|') {
    for (const ElementType& type : element_types)
      if (code == type.code) return read_numbers(header, type, bytes, name);
    if (code[0] == 'U') return read_text(header, bytes, name);
    if (code == "O") return read_plain_pickle(bytes).value_or(Array{header.shape, PythonObject{}});
  }
  bad_file(name, "holds values of type " + shown(Json(header.type.substr(0, 20))) +
                     "; floats of 4 or 8 bytes, integers, booleans and text are read.");
}

bool holds_object(std::string_view bytes) {
  try {
    const std::string name;
    return HeaderParser(take_header(bytes, name), name).parse().type == "|O";
  } catch (const Failure&) {
    return false;  // it will be told when the array is asked for
  }
}

std::string write_npy(const Array& array) {
  if (const auto* floats = array.get_if<std::vector<float>>()) return npy_bytes("<f4", array.shape, *floats);
  if (const auto* doubles = array.get_if<std::vector<double>>())
    return npy_bytes("<f8", array.shape, *doubles);
  if (const auto* integers = array.get_if<std::vector<std::int64_t>>())
    return npy_bytes("<i8", array.shape, *integers);
  std::vector<std::uint32_t> codes = utf32(std::get<std::string>(array.values));
  if (codes.empty()) codes.push_back(0);  // NumPy's shortest text
  return npy_bytes("<U" + std::to_string(codes.size()), {}, codes);
}

}  // namespace nullcline
