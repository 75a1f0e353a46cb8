// The query of a request target.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::http {

// The parts of a target's query in their order, as sent: a name and a value, which is empty where
// there is no '='. Empty parts are left out. Views into the target.
std::vector<std::pair<std::string_view, std::string_view>> QueryParts(std::string_view target);

// A name or a value of a query; '+' is a space (the URL standard's form encoding). nullopt when a
// '%' is not followed by two hexadecimal digits.
std::optional<std::string> DecodeForm(std::string_view text);

}  // namespace emulator::http
