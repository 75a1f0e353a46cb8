// What of a request may not be shown, in a log say: tokens and passwords.
// Threads: values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/headers.h"

namespace emulator::http {

// True for the name of a query parameter or a header whose value could be a secret.
bool IsSecretName(std::string_view name);

// The target with the values of such query parameters blacked out.
std::string RedactQuery(std::string_view target);

// The credentials of one request, to find them where they do not belong.
class Credentials {
 public:
  // Those of its Authorization headers. The headers must outlive this. Credentials of fewer than 8
  // characters are no secret that could be told from other text.
  explicit Credentials(const Headers& headers);

  bool AppearIn(std::string_view text) const;
  // Overwrites them by '*'.
  void Redact(char* text, size_t size) const;

 private:
  template <typename Visit>
  void ForEach(const Visit& visit) const;

  std::string_view first_;  // of most requests the only one; empty: none
  std::vector<std::string_view> more_;
};

// "Bearer reader" for an Authorization header that holds the token of that name; "Basic
// #b4d8752439", with a short hash, where the name is empty. A scheme that nobody knows is no
// scheme.
std::string RedactAuthorization(std::string_view value, std::string_view token_name);

}  // namespace emulator::http
