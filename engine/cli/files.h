#pragma once

#include <string>

namespace nullcline {

/// What messages call a file that the user named: its path, or "standard input" for "-".
std::string shown_path(const std::string& path);

/// The text of a file, or of standard input for "-". Throws a Failure when it cannot be read or is longer
/// than `most` bytes.
std::string read_file(const std::string& path, std::size_t most);

/// Writes a file whole or not at all: under another name first, which it then gives up for its own. Throws a
/// Failure when that cannot be done.
void write_file(const std::string& path, const std::string& bytes);

/// Makes a folder where there is none.
void make_folder(const std::string& path);

}  // namespace nullcline
