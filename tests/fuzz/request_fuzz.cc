// Fuzzes the request parser with the bytes of a client and, for a complete request, the emulator up
// to the bytes of the response. Without sockets; see server_fuzz.cc for them.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "api/reasons.h"
#include "base/text.h"
#include "fuzz_world.h"
#include "http/server/request_parser.h"
#include "http/server/response_serializer.h"

namespace emulator {
namespace {

using State = http::server::RequestParser::State;

// Small, so that small inputs reach them.
constexpr http::server::ReadLimits kTight{
    .request_line = 64,
    .header_block = 160,
    .header_fields = 5,
    .body = [](const http::Request&) -> size_t { return 32; }};

std::string Written(const http::Request& request) {
  std::string text = request.method + " " + request.target + "\n";
  for (const http::Header& header : request.headers)
    text += header.name + ": " + header.value + "\n";
  return text + "\n" + request.body;
}

// The result of a parser as text.
std::string Messages(http::server::RequestParser& reader, State state) {
  switch (state) {
    case State::kNeedMore:
      return "more is needed";
    case State::kRefused:
      return "refused: " + std::string(api::ReasonFor(reader.error()).code);
    case State::kComplete:
      return std::to_string(reader.consumed()) + " bytes, " +
             (reader.keep_alive() ? "kept, " : "closed, ") +
             (reader.is_http10() ? "1.0: " : "1.1: ") + Written(reader.request());
  }
  return "";
}

std::string ReadFile(std::string_view bytes, const http::server::ReadLimits& limits) {
  http::server::RequestParser reader(limits);
  const State state = reader.Parse(bytes);
  return Messages(reader, state);
}

// `next_size` returns the size of the next piece.
template <typename NextSize>
std::string ReadInPieces(std::string_view bytes, const http::server::ReadLimits& limits,
                         NextSize next_size) {
  http::server::RequestParser reader(limits);
  State state = State::kNeedMore;
  for (size_t end = 0; state == State::kNeedMore && end < bytes.size();) {
    end = std::min(end + next_size(), bytes.size());
    state = reader.Parse(bytes.substr(0, end));
  }
  return Messages(reader, state);
}

void CheckCuts(std::string_view bytes, const http::server::ReadLimits& limits) {
  const std::string whole = ReadFile(bytes, limits);
  const auto check = [&](const std::string& pieces) {
    Require(pieces == whole, "the result does not depend on how the bytes are split",
            "whole:\n" + whole + "\nin pieces:\n" + pieces);
  };
  check(ReadInPieces(bytes, limits, [] { return 1; }));
  std::minstd_rand random(HashOf(bytes));
  check(ReadInPieces(bytes, limits, [&] { return 1 + random() % 40; }));
}

// The request as bytes, framed by Content-Length instead of its own framing headers.
std::string Rewritten(http::server::RequestParser& reader) {
  const http::Request& request = reader.request();
  std::string text = request.method + " " + request.target +
                     (reader.is_http10() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const http::Header& header : request.headers)
    if (!EqualIgnoringCase(header.name, "Transfer-Encoding") &&
        !EqualIgnoringCase(header.name, "Content-Length"))
      text += header.name + ": " + header.value + "\r\n";
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" +
         request.body;
}

void CheckComplete(http::server::RequestParser& reader, std::string_view bytes) {
  const size_t used = reader.consumed();
  Require(0 < used && used <= bytes.size(), "a request consumes only received bytes");
  const std::string messages = Messages(reader, State::kComplete);
  Require(ReadFile(bytes.substr(0, used), {}) == messages, "bytes after a request do not change it",
          messages);
  Require(ReadFile(bytes.substr(0, used - 1), {}) == "more is needed",
          "a request ends exactly at its last byte", messages);

  const std::string rewritten = Rewritten(reader);
  http::server::RequestParser again{
      http::server::ReadLimits{.header_block = 64 * 1024, .header_fields = 200}};
  Require(again.Parse(rewritten) == State::kComplete && again.consumed() == rewritten.size(),
          "a request that was read can be written and read again", rewritten);
  Require(Rewritten(again) == rewritten && again.keep_alive() == reader.keep_alive(),
          "rewriting does not change a request", rewritten);
}

// --- The response ---

FuzzWorld& TheWorld() {
  static FuzzWorld world;
  return world;
}

// A response without the headers that differ between responses. Date is one: the clock of a sandbox
// runs.
std::string Written(const http::Response& response) {
  static const std::set<std::string> kVarying = {"X-Correlation-Id", "X-Emulator-Request-Id",
                                                 "Date"};
  std::string text = std::to_string(response.status) + "\n";
  for (const http::Header& header : response.headers)
    if (!kVarying.contains(header.name)) text += header.name + ": " + header.value + "\n";
  return text + "\n" + response.body;
}

// X-Emulator-Reason may differ between rejected tokens; the vendor's part of the response may not.
std::string WrittenWithoutReason(http::Response response) {
  if (response.headers.Find("X-Emulator-Reason")) response.headers.Set("X-Emulator-Reason", "");
  return Written(response);
}

bool IsAuthorization(const http::Header& header) {
  return EqualIgnoringCase(header.name, "Authorization");
}

// The headers with `value` for each Authorization header, or without these headers if it is null.
http::Headers WithAuthorization(const http::Headers& headers, const char* value) {
  http::Headers others;
  for (const http::Header& header : headers) {
    if (!IsAuthorization(header))
      others.Add(header.name, header.value);
    else if (value)
      others.Add(header.name, value);
  }
  return others;
}

// Response and log line reveal only whether a token is valid, not the token.
void CheckSecrecy(const http::Request& request, const http::Response& response,
                  const std::string& log_line) {
  std::string sent;
  for (const http::Header& header : request.headers)
    if (IsAuthorization(header)) sent += header.value + "\n";
  http::Request other = request;
  other.headers = WithAuthorization(request.headers, nullptr);
  const std::string elsewhere = Written(other);

  bool holds_known = false;
  for (const auto& item : TheWorld().set.tokens.items) {
    const std::string& token = item.row.token;
    if (sent.find(token) == std::string::npos) continue;
    holds_known = true;
    if (elsewhere.find(token) != std::string::npos)
      continue;  // the client sent the token elsewhere, too
    for (const std::string& text : {Written(response), log_line})
      Require(text.find(token) == std::string::npos, "no token appears in a response or log line",
              text);
  }
  // Token responses and control responses differ each time.
  const std::string_view path = world::PathWithin(request.target);
  if (holds_known || oauth::IdentityService::Owns(path) || control::Control::Owns(path)) return;
  other.headers = WithAuthorization(request.headers, "Bearer some-other");
  Require(WrittenWithoutReason(TheWorld().emulator.Answer(other)) == WrittenWithoutReason(response),
          "all unknown tokens get the same response", Written(response));
}

// The log line of a request.
std::string LogLine(const http::Request& request, LogFormat format) {
  FuzzWorld& world = TheWorld();
  const api::RequestRecord record = world.service.Answer(request, world.world());
  Require(record.token.size() <= 64, "the log names a token and does not contain it", record.token);
  return Format({.time = world.world().clock.Now(),
                 .method = request.method,
                 .target = request.target,
                 .status = record.response.status,
                 .gate = Name(record.gate),
                 .reason = record.reason,
                 .client = record.client(),
                 .user = record.user(),
                 .token = record.token},
                format);
}

void CheckLine(const std::string& line) {
  Require(
      line.ends_with('\n') && std::all_of(line.begin(), line.end() - 1,
                                          [](char c) { return c == '\t' || c < 0 || c >= ' '; }),
      "a request is one log line", line);
}

// Checks the serialized response.
void CheckWire(const http::Response& response, bool head, bool close, bool http10) {
  static http::server::ResponseSerializer serializer;
  const std::string bytes =
      serializer.Serialize(response, {.head = head, .close = close, .http10 = http10});
  Require(bytes.starts_with("HTTP/1.1 " + std::to_string(response.status) + " "),
          "a response begins with its status", bytes);
  const size_t end = bytes.find("\r\n\r\n");
  Require(end != std::string::npos, "a response has a head", bytes);
  Require(bytes.substr(end + 4) == (head ? "" : response.body),
          "the body follows, and nothing else", bytes);

  size_t lengths = 0;
  bool says_close = false;
  std::vector<std::string> lines = Lines(bytes.substr(0, end));
  lines.erase(lines.begin());
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string line = lines[i];
    if (i + 1 < lines.size()) {
      Require(line.ends_with('\r'), "lines end in CRLF", bytes);
      line.pop_back();
    }
    Require(line.find_first_of(std::string("\r\0", 2)) == std::string::npos &&
                line.find(": ") != std::string::npos,
            "each line of the head is one field", bytes);
    if (line == "Connection: close") says_close = true;
    if (!line.starts_with("Content-Length: ")) continue;
    ++lengths;
    Require(line.substr(16) == std::to_string(response.body.size()),
            "Content-Length is the length of the body", bytes);
  }
  Require(lengths == (response.status == 204 ? 0 : 1), "there is one Content-Length", bytes);
  Require(says_close == close,
          "`Connection: close` is sent if and only if the connection is closed", bytes);
}

void CheckAnswer(http::server::RequestParser& reader) {
  const http::Request& request = reader.request();
  const http::Response response = TheWorld().emulator.Answer(request);
  if (response.pending) return;  // control_fuzz checks pending responses
  Require(response.status >= 100 && response.status <= 599, "the status is valid",
          Written(response));
  const std::string* type = response.headers.Find("Content-Type");
  if (type && *type == "application/json")
    Require(nlohmann::json::accept(response.body), "a JSON body is valid JSON", response.body);
  CheckWire(response, request.method == "HEAD", !reader.keep_alive(), reader.is_http10());

  const std::string text = LogLine(request, LogFormat::kText);
  const std::string json = LogLine(request, LogFormat::kJson);
  CheckLine(text);
  CheckLine(json);
  Require(nlohmann::json::accept(json), "a line of the JSON log is valid JSON", json);
  CheckSecrecy(request, response, text + json);
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  const std::string_view bytes = Bytes(data, size);
  CheckCuts(bytes, {});
  CheckCuts(bytes, kTight);

  http::server::RequestParser reader{http::server::ReadLimits{}};
  if (reader.Parse(bytes) != State::kComplete) return 0;
  CheckComplete(reader, bytes);
  TheWorld().ResetCounters();
  CheckAnswer(reader);
  return 0;
}
