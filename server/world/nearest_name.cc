#include "world/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace emulator {

namespace {

char Lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Levenshtein's distance without regard to case.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replace = diagonal + (Lower(a[i]) == Lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replace, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string DidYouMean(std::string_view written, const std::vector<std::string>& names) {
  if (written.size() > 64 || names.empty()) return "";
  const auto nearest = std::min_element(names.begin(), names.end(), [&](auto& x, auto& y) {
    return Distance(written, x) < Distance(written, y);
  });
  const size_t distance = Distance(written, *nearest);
  if (distance > 2 || distance * 2 >= nearest->size()) return "";
  return " Did you mean \"" + *nearest + "\"?";
}

}  // namespace emulator
