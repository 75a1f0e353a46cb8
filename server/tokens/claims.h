// The claims of an access token, a JWT (RFC 7519).
//
// [O] The vendor's tokens are JWTs with `scope` as an array, `client_id`, `sub`, `iss` and `exp`.
// Whether they name an audience is unknown [U].
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

// Absent members are omitted from the JSON. Its times are whole seconds.
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
  std::string nonce{};  // only in ID tokens; written, not read
};

std::string WriteClaims(const Claims& claims);

// nullopt: not a JSON object, a claim of the wrong type, or no `exp`. `scope` is an array or words
// separated by spaces, `aud` an array or one string. Other claims are ignored.
std::optional<Claims> ReadClaims(std::string_view text);

}  // namespace emulator::tokens
