// What an access token says, as JWT claims (RFC 7519).
//
// [O] that the vendor's are JWTs and say `scope` as an array, `client_id`, `sub`, `iss`, `exp`;
// whether they name an audience is unknown [U].
//
// Threads: values and pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace emulator::tokens {

// Absent members are left out of the text. Times are whole seconds there.
struct Claims {
  std::string issuer{};
  std::vector<std::string> audience{};
  std::string subject{};
  std::string client_id{};
  std::optional<std::vector<std::string>> scopes{};
  std::optional<Time> issued_at{};
  std::optional<Time> not_before{};
  Time expires{};
  std::string id{};     // jti
  std::string nonce{};  // of an ID token; written, not read
};

std::string WriteClaims(const Claims& claims);

// nullopt: no JSON object, a claim of another type than its own, or no `exp`. `scope` is read as an
// array or as words parted by spaces, `aud` as an array or one text. Other claims are passed over.
std::optional<Claims> ReadClaims(std::string_view text);

}  // namespace emulator::tokens
