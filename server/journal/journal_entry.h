// One request to the vendor's API, how it was decided, and its response. Contains no credentials: a
// token appears as its name or a short hash.
//
// Packed into one string, because every request writes an entry and few are read. Measured at -O2,
// CPU per entry of a typical GET with 1 and 4 threads: packed 0.46 and 0.74 us, in blocks that
// entries share 0.50 and 0.70 us, with a std::string per member 0.96 and 1.6 us (over the budget of
// 1 us).
//
// Threads: values and pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "fixtures/rate_limit.h"
#include "http/headers.h"
#include "http/redaction.h"
#include "http/response.h"

namespace emulator::journal {

// The first kMaxRecorded bytes of a body.
struct RecordedBody {
  static constexpr size_t kMaxRecorded = 16 * 1024;
  std::string_view text{};
  uint64_t size = 0;  // of the whole body, in bytes
};

// Packed headers, unpacked by Read and Find.
class RecordedHeaders {
 public:
  RecordedHeaders() = default;
  explicit RecordedHeaders(std::string_view packed) : packed_(packed) {}

  // Names and values in order. The value is "***" if the name indicates a secret (IsSecretName).
  std::vector<std::pair<std::string_view, std::string_view>> Read() const;
  // All values of a header.
  std::vector<std::string_view> Find(std::string_view name) const;

 private:
  std::string_view packed_;
};

// Texts are views that the caller owns; empty: unknown.
struct JournalEntry {
  uint64_t id = 0;
  Time time{};                            // the world's time of the response
  Time real_time{};                       // the system's time of the response
  std::chrono::microseconds duration{0};  // real time from the complete request to its response

  std::string_view method{};
  std::string_view target{};  // as sent, including the sandbox prefix
  RecordedHeaders headers{};
  RecordedBody body{};

  std::string_view correlation_id{};

  std::string_view operation{};
  std::string_view connection_id{};
  std::string_view gate{};        // that decided
  std::string_view reason{};      // code of the reason of a refusal; empty for a success
  std::string_view violations{};  // violations of the contract by the response, one per line
  std::string_view client{};
  std::string_view user{};
  std::string_view token{};          // its name or a short hash
  std::string_view scopes{};         // of the token, separated by spaces
  std::string_view issuer{};         // of the token
  std::string_view right_issuer{};   // the accepted issuer
  std::optional<Time> not_before{};  // of the token
  std::optional<Time> expires{};
  bool is_token_known = false;  // it is in the fixtures
  bool was_metered = false;     // it reached the rate limiter
  fixtures::Admission admission{};
  uint64_t fault = 0;  // id of the planned fault that was applied; 0: none

  int status = 0;  // 0: the connection was closed without a response
  http::Delivery delivery{};
  RecordedHeaders answer_headers{};  // except those that every response has
  RecordedBody answer_body{};
};

// The lines of a text; an empty text has none.
std::vector<std::string_view> LinesOf(std::string_view text);

// Packs an entry without its id, and the headers of request and response. Redacts the request's
// `credentials` wherever the client sent them. The result is valid until this thread calls Pack
// again.
std::string_view Pack(const JournalEntry& entry, const http::Headers& headers,
                      const http::Headers& answer_headers, const http::Credentials& credentials);

// `packed`: the result of Pack; the entry's texts are views into it.
JournalEntry Unpack(uint64_t id, std::string_view packed);

// An entry and the owner of its texts.
struct RecordedEntry {
  std::shared_ptr<const void> memory;
  JournalEntry entry;
};

}  // namespace emulator::journal
