// One request to the vendor's API and its answer, as the journal keeps it: what was asked, how it
// was decided, what was answered. Credentials are not in it: of a token there is its name or a
// short hash.
//
// It is written on the way of every request, so it is packed into one piece of memory, and taken
// apart only for those who read.
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

// A body of which at most kMaxRecorded bytes are kept.
struct RecordedBody {
  static constexpr size_t kMaxRecorded = 16 * 1024;
  std::string_view text{};
  uint64_t size = 0;  // bytes of the whole
};

// Headers as they are packed: taken apart only where somebody asks for them.
class RecordedHeaders {
 public:
  RecordedHeaders() = default;
  explicit RecordedHeaders(std::string_view packed) : packed_(packed) {}

  // Names and values in their order; of those whose names tell of a secret "***" for the value.
  std::vector<std::pair<std::string_view, std::string_view>> Read() const;
  // The values of that name.
  std::vector<std::string_view> Find(std::string_view name) const;

 private:
  std::string_view packed_;
};

// Texts are empty where nothing is known; they are not this value's own.
struct JournalEntry {
  uint64_t id = 0;
  Time time{};                            // the World's, when it was answered
  Time real_time{};                       // the system's, then
  std::chrono::microseconds duration{0};  // from the whole request to its answer, real time

  std::string_view method{};
  std::string_view target{};  // as sent, also with the prefix that chose a sandbox
  RecordedHeaders headers{};
  RecordedBody body{};

  std::string_view correlation_id{};

  std::string_view operation{};
  std::string_view connection_id{};
  std::string_view gate{};        // the one that decided
  std::string_view reason{};      // the word of the cause of a refusal; empty for a success
  std::string_view violations{};  // how the answer breaks its contract, a line each; mostly empty
  std::string_view client{};
  std::string_view user{};
  std::string_view token{};          // its name, or a short hash
  std::string_view scopes{};         // those the token was granted, parted by spaces
  std::string_view issuer{};         // the token's
  std::string_view right_issuer{};   // whose tokens are accepted
  std::optional<Time> not_before{};  // the token's
  std::optional<Time> expires{};
  bool is_token_known = false;  // the fixtures hold it
  bool was_metered = false;     // it came to the rate limiter
  fixtures::Admission admission{};
  uint64_t fault = 0;  // the planned fault that struck; 0: none

  int status = 0;  // 0: the connection was broken in place of an answer
  http::Delivery delivery{};
  RecordedHeaders answer_headers{};  // but for those that every answer has
  RecordedBody answer_body{};
};

// The lines of a text; none of an empty one.
std::vector<std::string_view> LinesOf(std::string_view text);

// `entry` without its id, and the texts of the headers of both. `credentials`: the request's, which
// are blacked out wherever it has them.
// Valid until this thread packs another.
std::string_view Pack(const JournalEntry& entry, const http::Headers& headers,
                      const http::Headers& answer_headers, const http::Credentials& credentials);

// `packed`: what Pack gave; the entry's texts stand in it.
JournalEntry Unpack(uint64_t id, std::string_view packed);

// An entry and whatever holds the memory that its texts stand in.
struct RecordedEntry {
  std::shared_ptr<const void> memory;
  JournalEntry entry;
};

}  // namespace emulator::journal
