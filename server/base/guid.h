// GUIDs, as text: "fc226d0d-1647-48d7-8c11-f1f74f2d9808".
// Threads: pure functions; Guids: any thread may call anything at any time.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace emulator {

// One of random bits (RFC 9562 version 4), of which 122 are used.
std::string RandomGuid(uint64_t high, uint64_t low);

// Always the same one for a text (version 8): for what has an id and is kept nowhere.
std::string GuidFromText(std::string_view text);

// Its 16 bytes in the order in which .NET keeps them: the first three groups turned round. nullopt
// when the text is no GUID.
std::optional<std::string> GuidBytes(std::string_view guid);

// New ones, the same again from the same seed.
class Guids {
 public:
  // nullopt: nobody can foretell them.
  explicit Guids(std::optional<uint64_t> seed) : random_(seed ? *seed : std::random_device{}()) {}
  std::string New();

 private:
  std::mutex mutex_;
  std::mt19937_64 random_;  // guarded by mutex_
};

}  // namespace emulator
