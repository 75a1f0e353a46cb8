// Small functions on text. Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace emulator {

// A decimal number without sign, from `least` to `most`. nullopt: the text is something else.
std::optional<uint64_t> ParseWholeNumber(std::string_view text, uint64_t least, uint64_t most);

}  // namespace emulator
