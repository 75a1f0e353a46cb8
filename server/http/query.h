// The query of a request target.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::http {

// The parameters of the target's query in order, as sent: name and value, which is empty if there
// is no '='. Skips empty parts. Views into the target.
std::vector<std::pair<std::string_view, std::string_view>> QueryParts(std::string_view target);

// Decodes a name or a value of a query; '+' is a space (form encoding of the URL standard). nullopt
// if a '%' is not followed by two hexadecimal digits.
std::optional<std::string> DecodeForm(std::string_view text);

}  // namespace emulator::http
