// Removes tokens and passwords from what logs and answers show of a request.
// Threads: values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/headers.h"

namespace emulator::http {

// True for the name of a query parameter or a header whose value may be a secret.
bool IsSecretName(std::string_view name);

// The target with "***" for the value of each secret query parameter.
std::string RedactQuery(std::string_view target);

// Finds and redacts the credentials of one request in other text.
class Credentials {
 public:
  // The credentials of the Authorization headers, which must outlive this object. Ignores
  // credentials of fewer than 8 characters, which other text may contain by chance.
  explicit Credentials(const Headers& headers);

  bool AppearIn(std::string_view text) const;
  // Overwrites each with '*'.
  void Redact(char* text, size_t size) const;

 private:
  template <typename Visit>
  void ForEach(const Visit& visit) const;

  std::string_view first_;  // the only one of most requests; empty: none
  std::vector<std::string_view> more_;
};

// The value of an Authorization header with the token's name in place of the token: "Bearer
// reader". Without a name a short hash replaces it: "Basic #b4d8752439". An unknown scheme counts
// as part of the secret.
std::string RedactAuthorization(std::string_view value, std::string_view token_name);

}  // namespace emulator::http
