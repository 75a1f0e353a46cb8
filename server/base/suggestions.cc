#include "base/suggestions.h"

#include <algorithm>

#include "base/text.h"

namespace emulator {

namespace {

// The number of letters that differ, without regard to case; two swapped neighbours count as one
// (optimal string alignment distance).
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i)
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lowercase(a[i - 1]) == Lowercase(b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && Lowercase(a[i - 1]) == Lowercase(b[j - 2]) &&
          Lowercase(a[i - 2]) == Lowercase(b[j - 1]))
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::string DidYouMean(std::string_view written, const std::vector<std::string>& names) {
  if (written.size() > 64 || names.empty()) return "";
  const auto nearest = std::min_element(names.begin(), names.end(), [&](auto& x, auto& y) {
    return Distance(written, x) < Distance(written, y);
  });
  const size_t distance = Distance(written, *nearest);
  const size_t letters =
      nearest->size() - nearest->find_first_not_of('-');  // without the "--" of a flag
  if (distance > 2 || distance * 2 >= letters) return "";
  return " Did you mean \"" + *nearest + "\"?";
}

std::string Quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace emulator
