// GUIDs as text: "fc226d0d-1647-48d7-8c11-f1f74f2d9808".
// Threads: pure functions; Guids: any thread may call anything at any time.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace emulator {

// A GUID of version 4 (RFC 9562) from random bits, of which it uses 122.
std::string RandomGuid(uint64_t high, uint64_t low);

// The same GUID for the same text (version 8): an id for an object that is not stored.
std::string GuidFromText(std::string_view text);

// The 16 bytes in .NET's order, which reverses the first three groups. nullopt if the text is not a
// GUID.
std::optional<std::string> GuidBytes(std::string_view guid);

// Generates GUIDs. The same seed gives the same sequence.
class Guids {
 public:
  // nullopt: an unpredictable seed.
  explicit Guids(std::optional<uint64_t> seed) : random_(seed ? *seed : std::random_device{}()) {}
  std::string New();

 private:
  std::mutex mutex_;
  std::mt19937_64 random_;  // guarded by mutex_
};

}  // namespace emulator
