// The stream of the journal, read without a socket.
#pragma once

#include <optional>
#include <sstream>
#include <string>

#include "support/test_emulator.h"

namespace emulator {

inline constexpr const char* kRequests = "/_emulator/requests";

inline uint64_t IdOf(const http::Response& response) {
  return std::stoull(HeaderOf(response, "X-Emulator-Request-Id"));
}

struct RequestStream {
  explicit RequestStream(TestEmulator& ask, const std::string& query = "",
                         const http::Headers& headers = {}, const std::string& sandbox = "")
      : response(ask(http::Request{.method = "GET",
                                   .target = sandbox + kRequests + "/stream" + query,
                                   .headers = headers})) {
    REQUIRE_MESSAGE(response.status == 200, response.body);
    REQUIRE(response.pending);
    REQUIRE(response.pending->next_chunk);
  }

  std::optional<std::string> Next() { return response.pending->next_chunk(); }
  // The ids of the events of the next piece, separated by spaces.
  std::string NextIds() {
    std::istringstream lines(Next().value_or(""));
    std::string ids;
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("id: ")) ids.append(ids.empty() ? "" : " ").append(line.substr(4));
    return ids;
  }
  bool HasMore() const { return response.pending->until <= RealNow(); }

  http::Response response;
};

}  // namespace emulator
