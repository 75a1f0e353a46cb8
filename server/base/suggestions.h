// Suggestions for a misspelt name, as sentences of messages: "Did you mean ...?".
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// ` Did you mean "displayName"?` when one of the names is close to what was written (case aside),
// else an empty text. Close: at most two letters differ, and fewer than half of them.
std::string DidYouMean(std::string_view written, const std::vector<std::string>& names);

// "\"a\"".
std::string Quoted(std::string_view name);

}  // namespace emulator
