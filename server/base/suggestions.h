// Suggestions for a misspelt name, as sentences of messages: "Did you mean ...?".
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// ` Did you mean "displayName"?` if a name is close to the written one, else an empty text. Close:
// without regard to case at most two letters differ, and fewer than half of them.
std::string DidYouMean(std::string_view written, const std::vector<std::string>& names);

// The name in double quotes.
std::string Quoted(std::string_view name);

}  // namespace emulator
