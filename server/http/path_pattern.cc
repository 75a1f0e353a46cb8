#include "http/path_pattern.h"

#include "base/text.h"

namespace emulator::http {

namespace {

// A '*' first matches nothing, and one character more each time the rest does not match. Only the
// last '*' is retried, so the time is at most the product of both lengths.
bool MatchesPattern(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;  // the last '*', and the end of what it matches
  size_t run_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      run_end = t;
    } else if (p < pattern.size() && EqualIgnoringCase(pattern.substr(p, 1), text.substr(t, 1))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++run_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool MatchesPath(std::string_view pattern, std::string_view path) {
  if (MatchesPattern(pattern, path)) return true;
  if (path.find('%') == std::string_view::npos) return false;
  const auto decoded = PercentDecode(path);
  return decoded && MatchesPattern(pattern, *decoded);
}

}  // namespace emulator::http
