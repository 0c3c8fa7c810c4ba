#pragma once

#include <string>

namespace nullcline {

/// A number with four significant digits.
std::string rounded(double number);

/// "97.3 %"; "unknown" for NaN.
std::string percent(double share);

/// "8 s", "2 min 5 s", "3 h 20 min".
std::string duration(double seconds);

/// "1 trial", "8 trials".
std::string counted(long long count, const std::string& noun);

/// Text broken at blanks into lines of at most `width` characters, each after the first begun with `indent`
/// blanks.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

/// A text's width in characters, for text without combining marks.
std::size_t width_of(const std::string& text);

/// Columns of the terminal that standard output is; 0 when it is none that can redraw a line.
std::size_t terminal_columns();

/// Text for a message: one line, without characters that a terminal obeys.
std::string printable(const std::string& text);

/// A word as a shell takes it.
std::string quoted(const std::string& word);

}  // namespace nullcline
