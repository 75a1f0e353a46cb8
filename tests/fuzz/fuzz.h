// Shared by the fuzz targets. A target requires properties; a property that does not hold aborts
// the program, and libFuzzer keeps the input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Aborts if `holds` is false. `details`: printed to explain why.
inline void Require(bool holds, std::string_view property, std::string_view details = "") {
  if (holds) return;
  std::fprintf(stderr, "PROPERTY FAILED: %.*s\n%.*s\n", static_cast<int>(property.size()),
               property.data(), static_cast<int>(details.size()), details.data());
  std::abort();
}

inline std::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A hash of all bytes (FNV-1a), for choices that must be the same each time an input runs.
inline uint32_t HashOf(std::string_view bytes) {
  uint32_t hash = 2166136261;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return hash;
}

inline std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

}  // namespace emulator
