#include "base/guid.h"

#include "base/digest.h"
#include "base/text.h"

namespace emulator {

namespace {

// The positions of the digit pairs in the text, in .NET's byte order.
constexpr int kPositions[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};

bool IsDash(size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

std::string Format(uint64_t high, uint64_t low, char version) {
  std::string text = "xxxxxxxx-xxxx-Vxxx-yxxx-xxxxxxxxxxxx";
  int digit = 0;
  for (char& c : text) {
    if (c == '-') continue;
    const uint64_t half = digit < 16 ? high : low;
    const auto bits = static_cast<size_t>(half >> (60 - 4 * (digit % 16)) & 15);
    ++digit;
    if (c == 'V')
      c = version;
    else
      c = "0123456789abcdef"[c == 'y' ? (bits & 3) | 8 : bits];
  }
  return text;
}

}  // namespace

std::string RandomGuid(uint64_t high, uint64_t low) {
  return Format(high, low, '4');
}

std::string GuidFromText(std::string_view text) {
  const std::string digest = Sha256(text);
  uint64_t halves[2] = {0, 0};
  for (size_t i = 0; i < 16; ++i)
    halves[i / 8] = halves[i / 8] << 8 | static_cast<unsigned char>(digest[i]);
  return Format(halves[0], halves[1], '8');
}

std::optional<std::string> GuidBytes(std::string_view guid) {
  if (guid.size() != 36) return std::nullopt;
  for (size_t i = 0; i < guid.size(); ++i)
    if (IsDash(i) ? guid[i] != '-' : HexDigit(guid[i]) < 0) return std::nullopt;
  std::string bytes;
  for (const int position : kPositions) {
    const auto at = static_cast<size_t>(position);
    bytes += static_cast<char>(HexDigit(guid[at]) * 16 + HexDigit(guid[at + 1]));
  }
  return bytes;
}

std::string Guids::New() {
  const std::lock_guard lock(mutex_);
  const uint64_t high = random_();
  return RandomGuid(high, random_());
}

}  // namespace emulator
