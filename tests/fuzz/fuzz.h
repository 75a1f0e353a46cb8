// What the fuzz targets share. A target states properties; one that is broken ends the program, and
// libFuzzer keeps the input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// `shown`: what helps to see why.
inline void Require(bool held, std::string_view property, std::string_view shown = "") {
  if (held) return;
  std::fprintf(stderr, "NOT SO: %.*s\n%.*s\n", static_cast<int>(property.size()), property.data(),
               static_cast<int>(shown.size()), shown.data());
  std::abort();
}

inline std::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// 32 bits that depend on every byte: for choices that an input must always make alike.
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
