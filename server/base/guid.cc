#include "base/guid.h"

#include "base/digest.h"

namespace emulator {

namespace {

// Where the two digits of each byte stand in the text, in .NET's order.
constexpr int kPlaces[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};

bool IsDash(size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
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
  for (size_t place = 0; place < guid.size(); ++place)
    if (IsDash(place) ? guid[place] != '-' : DigitOf(guid[place]) < 0) return std::nullopt;
  std::string bytes;
  for (const int place : kPlaces) {
    const auto at = static_cast<size_t>(place);
    bytes += static_cast<char>(DigitOf(guid[at]) * 16 + DigitOf(guid[at + 1]));
  }
  return bytes;
}

std::string Guids::New() {
  const std::lock_guard lock(mutex_);
  const uint64_t high = random_();
  return RandomGuid(high, random_());
}

}  // namespace emulator
