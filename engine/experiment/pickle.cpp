#include "engine/experiment/pickle.h"

#include <bit>
#include <charconv>
#include <cstdlib>
#include <map>

namespace nullcline {

namespace {

/// PsychRNN's are 200 to 300 bytes long.
constexpr std::size_t longest_pickle = 4096;

enum class Kind { mark, none, integer, number, list, other };

/// A value on the machine's stack. Tuples, too, are lists here; globals, texts and what a call would return
/// are `other`.
struct Node {
  Kind kind = Kind::other;
  std::int64_t integer = 0;
  double number = 0;
  std::vector<std::size_t> items;
};

/// Thrown where a pickle is not one of the few kinds that are understood.
struct NotPlain {};

/// The stack machine of Python's pickles. Values are numbered, so that what a pickle refers to twice is kept
/// once.
class Machine {
 public:
  explicit Machine(std::string_view bytes) : bytes_(bytes) {}

  /// The value at the pickle's end.
  const Node& run() {
    while (step(static_cast<unsigned char>(take(1)[0]))) {
    }
    return nodes_[top()];
  }

  const Node& node(std::size_t number) const { return nodes_[number]; }

 private:
  /// One instruction; false at the end.
  bool step(unsigned char code) {
    switch (code) {
      case '.':
        return false;
      case 0x80:  // protocol
        take(1);
        return true;
      case 0x95:  // frame
        take(8);
        return true;
      case '(':
        push({Kind::mark, 0, 0, {}});
        return true;
      case 'R':  // call a global: not done
      case 0x81:
      case 0x93:  // global named by two texts: not looked up
        pop();
        pop();
        push({});
        return true;
      case 'b':
        return build();
      case 'a':
        return append();
      case 'c':
        line();
        line();
        push({});
        return true;
      default:
        if (!constant(code) && !text(code) && !collection(code) && !memory(code)) throw NotPlain{};
        return true;
    }
  }

  /// None, booleans and numbers.
  bool constant(unsigned char code) {
    switch (code) {
      case 'N':
        return push({Kind::none, 0, 0, {}});
      case 0x88:
      case 0x89:
        return push({});
      case 'K':
        return push_integer(static_cast<std::int64_t>(little_endian(1)));
      case 'M':
        return push_integer(static_cast<std::int64_t>(little_endian(2)));
      case 'J':
        return push_integer(static_cast<std::int32_t>(little_endian(4)));
      case 'I':
      case 'L':
        return push_integer(parsed<std::int64_t>(line()));
      case 0x8a:
        return push_long();
      case 'F':
        return push({Kind::number, 0, decimal(line()), {}});
      case 'G':
        return push({Kind::number, 0, big_endian_double(), {}});
      default:
        return false;
    }
  }

  /// Texts and bytes, whose content does not matter.
  bool text(unsigned char code) {
    switch (code) {
      case 'U':
      case 'C':
      case 0x8c:
        take(length(1));
        return push({});
      case 'T':
      case 'X':
      case 'B':
        take(length(4));
        return push({});
      case 'S':
      case 'V':
        line();
        return push({});
      default:
        return false;
    }
  }

  bool collection(unsigned char code) {
    switch (code) {
      case ']':
      case ')':
        return push({Kind::list, 0, 0, {}});
      case 't':
      case 'l':
        return push_list(stack_.size() - after_mark(), /*drop_mark=*/true);
      case 0x85:
      case 0x86:
      case 0x87:
        return push_list(static_cast<std::size_t>(code - 0x84), /*drop_mark=*/false);
      default:
        return false;
    }
  }

  bool memory(unsigned char code) {
    switch (code) {
      case 'q':
        memo_[length(1)] = top();
        return true;
      case 'r':
        memo_[length(4)] = top();
        return true;
      case 'p':
        memo_[parsed<std::size_t>(line())] = top();
        return true;
      case 0x94:
        memo_.emplace(memo_.size(), top());
        return true;
      case 'h':
        return recall(length(1));
      case 'j':
        return recall(length(4));
      case 'g':
        return recall(parsed<std::size_t>(line()));
      default:
        return false;
    }
  }

  /// Gives an object its state. Only an array's matters: (version, shape, type, order, list of values).
  bool build() {
    const Node& state = nodes_[pop()];
    if (state.kind == Kind::list && state.items.size() == 5) nodes_[top()].items = state.items;
    return true;
  }

  bool append() {
    const std::size_t value = pop();
    nodes_[top()].items.push_back(value);
    return true;
  }

  bool push(Node node) {
    stack_.push_back(nodes_.size());
    nodes_.push_back(std::move(node));
    return true;
  }

  bool push_integer(std::int64_t value) { return push({Kind::integer, value, 0, {}}); }

  bool push_long() {
    const std::size_t size = length(1);
    if (size > 8) throw NotPlain{};
    const std::uint64_t bits = little_endian(size);
    const auto unused = static_cast<int>(64 - 8 * size);
    return push_integer(size == 0 ? 0 : static_cast<std::int64_t>(bits << unused) >> unused);
  }

  bool push_list(std::size_t count, bool drop_mark) {
    if (count > stack_.size()) throw NotPlain{};
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    Node node{Kind::list, 0, 0, {first, stack_.end()}};
    stack_.erase(first, stack_.end());
    if (drop_mark) stack_.pop_back();
    return push(std::move(node));
  }

  bool recall(std::size_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) throw NotPlain{};
    stack_.push_back(found->second);
    return true;
  }

  /// Place on the stack of the first value after the last mark.
  std::size_t after_mark() const {
    for (std::size_t i = stack_.size(); i > 0; --i)
      if (nodes_[stack_[i - 1]].kind == Kind::mark) return i;
    throw NotPlain{};
  }

  std::size_t top() const {
    if (stack_.empty()) throw NotPlain{};
    return stack_.back();
  }

  std::size_t pop() {
    const std::size_t number = top();
    stack_.pop_back();
    return number;
  }

  std::string_view take(std::size_t count) {
    if (count > bytes_.size() - place_) throw NotPlain{};
    place_ += count;
    return bytes_.substr(place_ - count, count);
  }

  std::string_view line() {
    const std::size_t end = bytes_.find('\n', place_);
    if (end == std::string_view::npos) throw NotPlain{};
    const std::string_view text = take(end - place_);
    take(1);
    return text;
  }

  std::uint64_t little_endian(std::size_t size) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(size);
    for (std::size_t i = size; i > 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return value;
  }

  /// A length, or a place in the memo, of at most four bytes.
  std::size_t length(std::size_t size) { return static_cast<std::size_t>(little_endian(size)); }

  double big_endian_double() {
    std::uint64_t bits = 0;
    for (const char byte : take(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
    return std::bit_cast<double>(bits);
  }

  template <class Integer>
  static Integer parsed(std::string_view text) {
    Integer value{};
    if (!text.empty() && text.back() == 'L') text.remove_suffix(1);  // Python 2's long integers
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) throw NotPlain{};
    return value;
  }

  static double decimal(std::string_view text) {
    const std::string terminated(text);
    char* end = nullptr;
    const double value = std::strtod(terminated.c_str(), &end);
    if (terminated.empty() || end != terminated.c_str() + terminated.size()) throw NotPlain{};
    return value;
  }

  std::string_view bytes_;
  std::size_t place_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::size_t> stack_;
  std::map<std::size_t, std::size_t> memo_;
};

std::optional<Array> plain_value(const Node& node) {
  if (node.kind == Kind::none) return Array{{}, NoValue{}};
  if (node.kind == Kind::integer) return Array{{}, std::vector<std::int64_t>{node.integer}};
  if (node.kind == Kind::number) return Array{{}, std::vector<double>{node.number}};
  return std::nullopt;
}

}  // namespace

std::optional<Array> read_plain_pickle(std::string_view bytes) {
  if (bytes.size() > longest_pickle) return std::nullopt;
  try {
    Machine machine(bytes);
    const Node& array = machine.run();
    if (array.kind != Kind::other || array.items.size() != 5) return plain_value(array);
    const Node& shape = machine.node(array.items[1]);
    const Node& values = machine.node(array.items[4]);
    if (shape.kind != Kind::list || !shape.items.empty()) return std::nullopt;
    if (values.kind != Kind::list || values.items.size() != 1) return std::nullopt;
    return plain_value(machine.node(values.items[0]));
  } catch (const NotPlain&) {
    return std::nullopt;
  }
}

}  // namespace nullcline
