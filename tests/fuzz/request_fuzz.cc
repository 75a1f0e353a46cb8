// Bytes of a client, as far as they go without a socket: the reader of requests, and for a request
// that it finds the whole way to the bytes of the answer. See server_fuzz.cc for the sockets.

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

// So small that small inputs reach them.
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

// All that a reader says, as one text.
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

// `next_size` says how many bytes come next.
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
    Require(pieces == whole, "what is read depends on no cut",
            "whole:\n" + whole + "\nin pieces:\n" + pieces);
  };
  check(ReadInPieces(bytes, limits, [] { return 1; }));
  std::minstd_rand random(HashOf(bytes));
  check(ReadInPieces(bytes, limits, [&] { return 1 + random() % 40; }));
}

// Framing headers are not written: the body is, by its length.
std::string WrittenAnew(http::server::RequestParser& reader) {
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
  Require(0 < used && used <= bytes.size(), "a request is made of bytes that came");
  const std::string told = Messages(reader, State::kComplete);
  Require(ReadFile(bytes.substr(0, used), {}) == told,
          "what is behind a request changes nothing of it", told);
  Require(ReadFile(bytes.substr(0, used - 1), {}) == "more is needed",
          "a request ends at its last byte and no earlier", told);

  const std::string anew = WrittenAnew(reader);
  http::server::RequestParser again{
      http::server::ReadLimits{.header_block = 64 * 1024, .header_fields = 200}};
  Require(again.Parse(anew) == State::kComplete && again.consumed() == anew.size(),
          "a request that was read can be written and read again", anew);
  Require(WrittenAnew(again) == anew && again.keep_alive() == reader.keep_alive(),
          "it is the same request then", anew);
}

// --- The answer ---

FuzzWorld& TheWorld() {
  static FuzzWorld world;
  return world;
}

// All but what is each answer's own. Its time is, too: the clock of a sandbox runs.
std::string Written(const http::Response& response) {
  static const std::set<std::string> kItsOwn = {"X-Correlation-Id", "X-Emulator-Request-Id",
                                                "Date"};
  std::string text = std::to_string(response.status) + "\n";
  for (const http::Header& header : response.headers)
    if (!kItsOwn.contains(header.name)) text += header.name + ": " + header.value + "\n";
  return text + "\n" + response.body;
}

// The emulator tells its user in a word why a token is no good; the vendor's answer does not.
std::string WrittenWithoutReason(http::Response response) {
  if (response.headers.Find("X-Emulator-Reason")) response.headers.Set("X-Emulator-Reason", "");
  return Written(response);
}

bool IsAuthorization(const http::Header& header) {
  return EqualIgnoringCase(header.name, "Authorization");
}

// Headers of a request, with another value for each Authorization; or without it.
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

// An answer, and a line of the log, tell of a token whether it is good and no more.
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
    if (elsewhere.find(token) != std::string::npos) continue;  // a client may say it itself
    for (const std::string& text : {Written(response), log_line})
      Require(text.find(token) == std::string::npos, "no token is told", text);
  }
  // Who asks for a token gets another one each time.
  const std::string_view path = world::PathWithin(request.target);
  if (holds_known || oauth::IdentityService::Owns(path) || control::Control::Owns(path)) return;
  other.headers = WithAuthorization(request.headers, "Bearer some-other");
  Require(WrittenWithoutReason(TheWorld().emulator.Answer(other)) == WrittenWithoutReason(response),
          "unknown tokens are all answered alike", Written(response));
}

// The line of the log about a request.
std::string LogLine(const http::Request& request, LogFormat format) {
  FuzzWorld& world = TheWorld();
  const api::RequestRecord record = world.service.Answer(request, world.world());
  Require(record.token.size() <= 64, "the log names a token and does not hold it", record.token);
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
      "a request is one line of the log", line);
}

// The answer as the library writes it.
void CheckWire(const http::Response& response, bool head, bool close, bool http10) {
  static http::server::ResponseSerializer serializer;
  const std::string bytes =
      serializer.Serialize(response, {.head = head, .close = close, .http10 = http10});
  Require(bytes.starts_with("HTTP/1.1 " + std::to_string(response.status) + " "),
          "an answer begins with its status", bytes);
  const size_t end = bytes.find("\r\n\r\n");
  Require(end != std::string::npos, "an answer has a head", bytes);
  Require(bytes.substr(end + 4) == (head ? "" : response.body), "then its body and no more", bytes);

  size_t lengths = 0;
  bool told_close = false;
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
            "each line of a head is one field", bytes);
    if (line == "Connection: close") told_close = true;
    if (!line.starts_with("Content-Length: ")) continue;
    ++lengths;
    Require(line.substr(16) == std::to_string(response.body.size()), "the length is right", bytes);
  }
  Require(lengths == (response.status == 204 ? 0 : 1), "there is one length", bytes);
  Require(told_close == close, "a client is told what becomes of its connection", bytes);
}

void CheckAnswer(http::server::RequestParser& reader) {
  const http::Request& request = reader.request();
  const http::Response response = TheWorld().emulator.Answer(request);
  if (response.pending) return;  // there is more of it to come: control_fuzz follows that
  Require(response.status >= 100 && response.status <= 599, "a status is one", Written(response));
  const std::string* type = response.headers.Find("Content-Type");
  if (type && *type == "application/json")
    Require(nlohmann::json::accept(response.body), "JSON is JSON", response.body);
  CheckWire(response, request.method == "HEAD", !reader.keep_alive(), reader.is_http10());

  const std::string text = LogLine(request, LogFormat::kText);
  const std::string json = LogLine(request, LogFormat::kJson);
  CheckLine(text);
  CheckLine(json);
  Require(nlohmann::json::accept(json), "a line of the JSON log is JSON", json);
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
  TheWorld().StartAnew();
  CheckAnswer(reader);
  return 0;
}
