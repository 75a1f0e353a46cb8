// Names in sentences: "Did you mean ...?" for a misspelt one, and lists of them.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// ` Did you mean "displayName"?` when one of the names is close to what was written (case aside),
// else an empty text. Close: at most two letters differ, and fewer than half of them.
std::string DidYouMean(std::string_view written, const std::vector<std::string>& names);

// "a, b, c".
std::string Join(const std::vector<std::string>& names, std::string_view between = ", ");

// "\"a\"".
std::string Quoted(std::string_view name);

}  // namespace emulator
