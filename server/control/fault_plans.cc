#include "control/fault_plans.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "api/errors.h"
#include "api/operations.h"
#include "base/strict_json.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "http/headers.h"
#include "http/response.h"

namespace emulator::control {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// The names are WireMock's, which many users know.
constexpr std::pair<std::string_view, http::ConnectionFault> kConnectionFaults[] = {
    {"CONNECTION_RESET_BY_PEER", http::ConnectionFault::kConnectionReset},
    {"EMPTY_RESPONSE", http::ConnectionFault::kEmptyResponse},
    {"MALFORMED_RESPONSE_CHUNK", http::ConnectionFault::kMalformedResponseChunk},
    {"RANDOM_DATA_THEN_CLOSE", http::ConnectionFault::kRandomDataThenClose},
};

constexpr std::pair<std::string_view, world::Tampering> kTamperings[] = {
    {"no-retry-after", world::Tampering::kNoRetryAfter},
    {"retry-after-zero", world::Tampering::kRetryAfterZero},
    {"retry-after-date", world::Tampering::kRetryAfterDate},
    {"no-body", world::Tampering::kNoBody},
    {"html-body", world::Tampering::kHtmlBody},
};

// Headers that the HTTP server writes, or that every answer has.
constexpr std::string_view kReservedHeaders[] = {
    "Connection",
    "Content-Length",
    "Keep-Alive",
    "Trailer",
    "Upgrade",
    "Transfer-Encoding",
    "X-Correlation-Id",
    "Date",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "X-Emulator-Request-Id",
    "X-Emulator-Reason",
};

// REQUIRES: a name that the schema allows.
template <typename Named>
auto ValueNamed(const Named& named, const json& name) {
  return std::find_if(
             std::begin(named), std::end(named),
             [&](const auto& pair) { return pair.first == name.get_ref<const std::string&>(); })
      ->second;
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

// Statuses whose answers have no body (RFC 9110 section 6.4.1, and 205).
bool HasNoBody(int status) {
  return status == 204 || status == 205 || status == 304;
}

std::optional<uint64_t> ReadCallNumber(std::string_view text) {
  return ParseWholeNumber(text, 1, UINT64_MAX);
}

// "3", "3-5" or "3-".
std::optional<world::CallRange> ReadRange(std::string_view text) {
  const size_t dash = text.find('-');
  const auto first = ReadCallNumber(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return world::CallRange{*first, *first};
  if (dash + 1 == text.size()) return world::CallRange{.first = *first};
  const auto last = ReadCallNumber(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return world::CallRange{*first, *last};
}

// Ranges separated by commas; spaces are ignored. nullopt: one of them is invalid.
std::optional<std::vector<world::CallRange>> ReadRanges(std::string text) {
  std::erase(text, ' ');
  std::vector<world::CallRange> ranges;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    const auto range = ReadRange(std::string_view(text).substr(start, end - start));
    if (!range) return std::nullopt;
    ranges.push_back(*range);
    start = end + 1;
  }
  return ranges;
}

// Reads one plan and collects all its errors.
class PlanReader {
 public:
  explicit PlanReader(const json& plan) : plan_(plan), then_(plan.at("then")) {}

  world::Fault Read() {
    world::Fault fault{.match = ReadMatch(), .when = ReadWhen(), .then = ReadThen()};
    if (!violations_.empty()) throw FaultPlanError(std::move(violations_));
    fault.definition = plan_.dump();
    return fault;
  }

 private:
  void Refuse(const std::string& pointer, const std::string& sentence) {
    violations_.push_back({pointer, sentence});
  }

  void RefuseName(const std::string& pointer, const std::string& name,
                  const std::vector<std::string>& known) {
    Refuse(pointer, "is " + json(name).dump() + "; wanted: one of " + Join(known) + "." +
                        DidYouMean(name, known));
  }

  bool Has(const char* member) const { return then_.contains(member); }

  // Refuses all of these members but the first that the object has.
  void AllowOnlyOne(const json& object, const std::string& pointer,
                    std::initializer_list<const char*> members) {
    const char* first = nullptr;
    for (const char* member : members) {
      if (!object.contains(member)) continue;
      if (!first)
        first = member;
      else
        Refuse(pointer + "/" + member,
               std::string("does not go together with \"") + first + "\"; leave one of them out.");
    }
  }

  world::FaultMatch ReadMatch() {
    const json match = plan_.value("match", json::object());
    const auto text = [&](const char* member) -> std::optional<std::string> {
      if (!match.contains(member)) return std::nullopt;
      return match[member].get<std::string>();
    };
    world::FaultMatch read{.method = text("method"),
                           .path = text("path"),
                           .operation = text("operation"),
                           .connection_id = text("connectionId"),
                           .client = text("client")};
    if (read.operation) CheckOperation(*read.operation);
    if (read.path && read.path->starts_with("/_sandbox"))
      Refuse(
          "/match/path",
          "would never match: a fault applies only in the sandbox where it is planned; leave out "
          "/_sandbox/NAME.");
    return read;
  }

  void CheckOperation(const std::string& name) {
    std::vector<std::string> names;
    for (const api::Operation& operation : api::Operations()) names.emplace_back(operation.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    RefuseName("/match/operation", name, names);
  }

  world::FaultWhen ReadWhen() {
    const json when = plan_.value("when", json::object());
    AllowOnlyOne(when, "/when", {"calls", "times", "probability"});
    world::FaultWhen read{.probability = when.value("probability", 1.0),
                          .seed = when.value("seed", uint64_t{0})};
    if (when.contains("times")) read.calls = {{.last = when["times"].get<uint64_t>()}};
    if (when.contains("calls")) {
      const auto text = when["calls"].get<std::string>();
      if (const auto ranges = ReadRanges(text))
        read.calls = *ranges;
      else
        Refuse("/when/calls", "is " + json(text).dump() +
                                  R"(; wanted: call numbers from 1, such as "3", "3-5", )"
                                  R"("2,4-6" or "3-".)");
    }
    const bool is_delay_random = Has("delayMs") && then_["delayMs"].is_object();
    if (when.contains("seed") && !when.contains("probability") && !is_delay_random)
      Refuse("/when/seed",
             "has no effect here; give it with \"probability\" or with a random delay.");
    return read;
  }

  world::FaultEffect ReadThen() {
    AllowOnlyOne(then_, "/then", {"refusal", "status", "connection"});
    world::FaultEffect read{.answer = ReadAnswer()};
    if (Has("delayMs")) read.delay = ReadDelay(then_["delayMs"]);
    read.body_time = milliseconds(then_.value("slowBodyMs", 0));
    if (Has("connection")) read.connection_fault = ReadConnectionFault();
    if (Has("tamper")) read.tampering = ReadTampering(read.answer);
    return read;
  }

  std::optional<http::Response> ReadAnswer() {
    for (const char* member : {"headers", "body"})
      if (Has(member) && !Has("status"))
        Refuse(std::string("/then/") + member, "is allowed only with \"status\"; add \"status\".");
    std::optional<http::Response> answer;
    if (Has("refusal"))
      answer = ReadRefusal(then_["refusal"].get<std::string>());
    else if (Has("status"))
      answer = ReadCustomAnswer();
    if (Has("retryAfter")) AddRetryAfter(answer);
    return answer;
  }

  std::optional<http::Response> ReadRefusal(const std::string& name) {
    if (const api::ApiError* refusal = api::FindApiError(name))
      return api::RefuseAsChosen(*refusal);
    RefuseName("/then/refusal", name, api::ApiErrorNames());
    return std::nullopt;
  }

  http::Response ReadCustomAnswer() {
    http::Response answer{.status = then_["status"].get<int>()};
    if (Has("headers"))
      for (const auto& [name, value] : then_["headers"].items())
        AddHeader(answer, name, value.get<std::string>());
    if (!Has("body")) return answer;

    const json& body = then_["body"];
    if (HasNoBody(answer.status))
      Refuse("/then/body", "is not allowed with status " + std::to_string(answer.status) +
                               ", whose answers have no body; leave it out.");
    if (Is("tamper", "no-body") || Is("tamper", "html-body"))
      Refuse("/then/body", "is not sent with this \"tamper\"; leave one of them out.");
    answer.body = body.is_string() ? body.get<std::string>() : body.dump();
    if (!body.is_string() && !answer.headers.Find("Content-Type"))
      answer.headers.Add("Content-Type", "application/json");
    return answer;
  }

  bool Is(const char* member, const char* value) const { return then_.value(member, "") == value; }

  void AddHeader(http::Response& answer, const std::string& name, const std::string& value) {
    const std::string pointer = "/then/headers/" + PointerStep(name);
    const bool is_reserved =
        std::any_of(std::begin(kReservedHeaders), std::end(kReservedHeaders),
                    [&](std::string_view reserved) { return EqualIgnoringCase(reserved, name); });
    if (!http::IsToken(name))
      Refuse(pointer, "is not a header name; wanted: letters, digits and hyphens.");
    else if (is_reserved)
      Refuse(pointer, "is a header that the emulator itself sends; leave it out.");
    else if (answer.headers.Find(name))
      Refuse(pointer, "is given twice (names compare without case); leave one of them out.");
    else if (HasControlCharacter(value))
      Refuse(pointer, "has a line break or another control character; wanted: one line of text.");
    else
      answer.headers.Add(name, value);
  }

  void AddRetryAfter(std::optional<http::Response>& answer) {
    const std::string pointer = "/then/retryAfter";
    if (!answer && Has("refusal")) return;  // unknown, so refused already
    if (!answer || (answer->status != 429 && answer->status != 503))
      return Refuse(pointer, "is allowed only with a \"refusal\" or \"status\" of 429 or 503.");
    if (Has("status") && answer->headers.Find("retry-after"))
      return Refuse(pointer, "is also in \"headers\"; leave one of them out.");
    if (Is("tamper", "no-retry-after") || Is("tamper", "retry-after-zero"))
      return Refuse(pointer, "is not sent with this \"tamper\"; leave one of them out.");
    answer->headers.Set("retry-after", std::to_string(then_["retryAfter"].get<int64_t>()));
  }

  world::FaultDelay ReadDelay(const json& delay) {
    if (delay.is_number()) return milliseconds(delay.get<int64_t>());
    if (delay.contains("lognormal"))
      return world::LognormalDelay{milliseconds(delay["lognormal"]["median"].get<int64_t>()),
                                   delay["lognormal"]["sigma"].get<double>()};
    const world::UniformDelay uniform{milliseconds(delay["uniform"][0].get<int64_t>()),
                                      milliseconds(delay["uniform"][1].get<int64_t>())};
    if (uniform.max < uniform.min)
      Refuse("/then/delayMs/uniform", "has its limits in the wrong order; wanted: [least, most].");
    return uniform;
  }

  http::ConnectionFault ReadConnectionFault() {
    for (const char* member : {"slowBodyMs", "tamper"})
      if (Has(member))
        Refuse(std::string("/then/") + member,
               "cannot alter an answer: \"connection\" sends none; leave one of them out.");
    return ValueNamed(kConnectionFaults, then_["connection"]);
  }

  world::Tampering ReadTampering(const std::optional<http::Response>& answer) {
    const world::Tampering tampering = ValueNamed(kTamperings, then_["tamper"]);
    if (answer && !world::Affects(tampering, *answer))
      Refuse("/then/tamper",
             "does not apply to an answer of status " + std::to_string(answer->status) +
                 ". Tampering with retry-after applies to 429, and to answers that have "
                 "retry-after; tampering with the body applies to 400 and above.");
    return tampering;
  }

  const json& plan_;
  const json& then_;
  std::vector<SchemaViolation> violations_;
};

}  // namespace

FaultPlanError::FaultPlanError(std::vector<SchemaViolation> violations)
    : std::runtime_error(violations.front().pointer + ": " + violations.front().sentence),
      violations_(std::move(violations)) {}

world::Fault ReadFault(const json& plan) {
  return PlanReader(plan).Read();
}

nlohmann::ordered_json RenderFault(const world::FaultReport& report) {
  const auto plan = nlohmann::ordered_json::parse(report.fault->definition);
  nlohmann::ordered_json rendered{{"id", report.id}};
  for (const char* member : {"match", "when", "then"})
    if (plan.contains(member)) rendered[member] = plan[member];
  rendered["matched"] = report.matched;
  rendered["applied"] = report.applied;
  return rendered;
}

}  // namespace emulator::control
