// Fuzzes the control calls. A byte selects the call; the rest of the line is its path parameter, or
// its query if the path has none; the remaining bytes are its body. For calls about a request, line
// and body are the ones of this request. Properties: every response is in the contract, refusals
// are sentences, waits and streams end, and a reset restores the default world.

#include <nlohmann/json.hpp>
#include <set>

#include "base/real_time.h"
#include "control/control.h"
#include "fuzz_world.h"

namespace emulator {
namespace {

FuzzWorld& TheWorld() {
  static FuzzWorld world;
  return world;
}

std::string Encoded(std::string_view text) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return encoded;
}

// Percent-encodes everything but visible ASCII, which a target may contain.
std::string AsQuery(std::string_view text) {
  std::string query;
  for (const char c : text)
    if (c > ' ' && c < '\x7f')
      query += c;
    else
      query += Encoded({&c, 1});
  return query;
}

// Requests a connection of this name; returns the journal's id of the request.
std::string RequestConnection(std::string_view name, std::string_view body) {
  const http::Request request{.method = "GET",
                              .target = "/export/connections/" + Encoded(name),
                              .headers = {{"Authorization", "Bearer reader-token"}},
                              .body = std::string(body)};
  return *TheWorld().emulator.Answer(request).headers.Find("X-Emulator-Request-Id");
}

http::Request RequestOf(const control::ControlRow& row, std::string_view line,
                        std::string_view body) {
  http::Request request{.method = std::string(row.route.method),
                        .target = std::string(row.route.path),
                        .body = std::string(body),
                        .arrived = RealNow()};
  const size_t start = request.target.find('{');
  if (start == std::string::npos) {
    if (!row.query.empty() && !line.empty()) request.target += "?" + AsQuery(line);
    return request;
  }
  const size_t length = request.target.find('}') - start + 1;
  const bool is_request_id = request.target.substr(start, length) == "{requestId}";
  if (is_request_id) request.body.clear();
  request.target.replace(start, length,
                         is_request_id ? RequestConnection(line, body) : Encoded(line));
  return request;
}

// Retries a waiting response; the wait ends with a reset of its World at the latest.
http::Response FinalResponse(const http::Request& request) {
  http::Response response = TheWorld().emulator.Answer(request);
  if (!response.pending || response.pending->next_chunk) return response;
  Require(response.pending->retry && response.pending->waker,
          "a wait has a waker and can be retried");
  Require(response.pending->until != RealTime::max(), "a wait has an end");
  response = response.pending->retry();
  if (!response.pending) return response;
  TheWorld().emulator.Answer({.method = "POST", .target = "/_emulator/reset"});
  response = response.pending->retry();
  Require(!response.pending, "a reset ends a wait");
  return response;
}

void CheckStream(const http::Response& stream) {
  TheWorld().emulator.Answer({.method = "GET", .target = "/export/connections/a"});
  // The journal was reset before, so that it has few events.
  const auto events = stream.pending->next_chunk();
  Require(events && events->ends_with("\n\n"), "a stream sends complete events",
          events.value_or(""));
  Require(stream.pending->until > RealNow(), "a stream waits after its last event");
  TheWorld().emulator.Answer({.method = "POST", .target = "/_emulator/reset"});
  Require(stream.pending->next_chunk() == "event: reset\ndata: {}\n\n",
          "a reset is the last event");
  Require(!stream.pending->next_chunk(), "a stream ends after a reset");
}

void CheckAnswer(const http::Response& response) {
  const std::set<int> known{200, 201, 204, 400, 404, 409, 422, 503};
  Require(known.contains(response.status), "the status is one of the contract", response.body);
  if (response.pending) return CheckStream(response);
  if (response.status == 204) return Require(response.body.empty(), "204 has no body");
  const auto body = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  Require(body.is_object(), "every answer is a JSON object", response.body);
  if (response.status < 400) return;
  const std::string message = body.at("error").at("message");
  Require(message.ends_with('.') || message.ends_with('?'), "a refusal is a sentence",
          response.body);
}

void CheckReset() {
  http::Request reset{.method = "POST", .target = "/_emulator/reset"};
  Require(TheWorld().emulator.Answer(reset).status == 204, "a reset is always possible");
  TheWorld().ResetCounters();
  http::Request example{.method = "GET",
                        .target = "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808",
                        .headers = {{"Authorization", "Bearer reader-token"}}};
  Require(TheWorld().emulator.Answer(example).status == 200, "a reset restores the default world");
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  const std::string_view text = Bytes(data, size);
  const size_t end = text.find('\n');
  if (text.empty() || end == std::string_view::npos || end == 0) return 0;
  const auto rows = control::ControlRows();
  const control::ControlRow& row = rows[static_cast<unsigned char>(text[0]) % rows.size()];
  const auto line = text.substr(1, end - 1);
  CheckAnswer(FinalResponse(RequestOf(row, line, text.substr(end + 1))));
  CheckReset();
  return 0;
}
