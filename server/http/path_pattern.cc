#include "http/path_pattern.h"

#include "base/text.h"

namespace emulator::http {

namespace {

// Whether a text is what a pattern says, without case. After a '*' the shortest run is tried first,
// and a longer one where the rest does not fit. Only the last '*' met is ever taken up again, so no
// pattern costs more than its length times that of the text.
bool FitsPattern(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;  // the last '*' met, and where its run ends
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
  if (FitsPattern(pattern, path)) return true;
  if (path.find('%') == std::string_view::npos) return false;
  const auto decoded = PercentDecode(path);
  return decoded && FitsPattern(pattern, *decoded);
}

}  // namespace emulator::http
