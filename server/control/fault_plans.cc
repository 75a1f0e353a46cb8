#include "control/fault_plans.h"

#include <algorithm>
#include <array>
#include <charconv>
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

// WireMock's names, which many know.
constexpr std::pair<std::string_view, http::ConnectionFault> kBreakages[] = {
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

// Those that the door writes, or that every answer carries.
constexpr std::string_view kOwnHeaders[] = {
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

// The value that has the name. REQUIRES: a name that the schema allows.
template <typename Named>
auto ByName(const Named& named, const json& name) {
  return std::find_if(
             std::begin(named), std::end(named),
             [&](const auto& pair) { return pair.first == name.get_ref<const std::string&>(); })
      ->second;
}

bool HoldsControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

// A status whose answer ends with its header fields (RFC 9110 section 6.4.1, and 205).
bool IsWithoutBody(int status) {
  return status == 204 || status == 205 || status == 304;
}

std::optional<uint64_t> CallNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

// "3", "3-5" or "3-".
std::optional<world::CallRange> ReadRange(std::string_view text) {
  const size_t dash = text.find('-');
  const auto first = CallNumber(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return world::CallRange{*first, *first};
  if (dash + 1 == text.size()) return world::CallRange{.first = *first};
  const auto last = CallNumber(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return world::CallRange{*first, *last};
}

// Ranges parted by commas; spaces do not count. nullopt when one of them is none.
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

// Reads one plan and gathers all that is wrong with it.
class PlanReader {
 public:
  explicit PlanReader(const json& plan) : plan_(plan), then_(plan.at("then")) {}

  world::Fault Read() {
    world::Fault fault{.match = ReadMatch(), .when = ReadWhen(), .then = ReadThen()};
    if (!defects_.empty()) throw FaultPlanError(std::move(defects_));
    fault.definition = plan_.dump();
    return fault;
  }

 private:
  void Refuse(const std::string& pointer, const std::string& sentence) {
    defects_.push_back({pointer, sentence});
  }

  void RefuseName(const std::string& pointer, const std::string& name,
                  const std::vector<std::string>& known) {
    Refuse(pointer, "is " + json(name).dump() + "; wanted: one of " + Join(known) + "." +
                        DidYouMean(name, known));
  }

  bool Has(const char* member) const { return then_.contains(member); }

  // Refuses all but the first of the members that an object has.
  void RefuseTwo(const json& object, const std::string& pointer,
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
    if (read.operation) JudgeOperation(*read.operation);
    if (read.path && read.path->starts_with("/_sandbox"))
      Refuse("/match/path",
             "would never match: a fault is of the sandbox it is planned in; leave out "
             "/_sandbox/NAME.");
    return read;
  }

  void JudgeOperation(const std::string& name) {
    std::vector<std::string> names;
    for (const api::Operation& operation : api::Operations()) names.emplace_back(operation.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    RefuseName("/match/operation", name, names);
  }

  world::FaultWhen ReadWhen() {
    const json when = plan_.value("when", json::object());
    RefuseTwo(when, "/when", {"calls", "times", "probability"});
    world::FaultWhen read{.probability = when.value("probability", 1.0),
                          .seed = when.value("seed", uint64_t{0})};
    if (when.contains("times")) read.calls = {{.last = when["times"].get<uint64_t>()}};
    if (when.contains("calls")) {
      const auto text = when["calls"].get<std::string>();
      if (const auto ranges = ReadRanges(text))
        read.calls = *ranges;
      else
        Refuse("/when/calls", "is " + json(text).dump() +
                                  R"(; wanted: numbers of calls from 1, such as "3", "3-5", )"
                                  R"("2,4-6" or "3-".)");
    }
    const bool draws_delay = Has("delayMs") && then_["delayMs"].is_object();
    if (when.contains("seed") && !when.contains("probability") && !draws_delay)
      Refuse("/when/seed",
             "draws nothing here; it goes with \"probability\" or with a delay that is drawn.");
    return read;
  }

  world::FaultEffect ReadThen() {
    RefuseTwo(then_, "/then", {"refusal", "status", "connection"});
    world::FaultEffect read{.answer = ReadAnswer()};
    if (Has("delayMs")) read.delay = ReadDelay(then_["delayMs"]);
    read.body_time = milliseconds(then_.value("slowBodyMs", 0));
    if (Has("connection")) read.connection_fault = ReadBreakage();
    if (Has("tamper")) read.tampering = ParseTampering(read.answer);
    return read;
  }

  std::optional<http::Response> ReadAnswer() {
    for (const char* member : {"headers", "body"})
      if (Has(member) && !Has("status"))
        Refuse(std::string("/then/") + member, "goes with \"status\" alone; add it.");
    std::optional<http::Response> answer;
    if (Has("refusal"))
      answer = ReadRefusal(then_["refusal"].get<std::string>());
    else if (Has("status"))
      answer = ReadOwnAnswer();
    if (Has("retryAfter")) AddRetryAfter(answer);
    return answer;
  }

  std::optional<http::Response> ReadRefusal(const std::string& name) {
    if (const api::ApiError* refusal = api::FindApiError(name)) return api::RefuseAsAsked(*refusal);
    RefuseName("/then/refusal", name, api::ApiErrorNames());
    return std::nullopt;
  }

  http::Response ReadOwnAnswer() {
    http::Response answer{.status = then_["status"].get<int>()};
    if (Has("headers"))
      for (const auto& [name, value] : then_["headers"].items())
        AddHeader(answer, name, value.get<std::string>());
    if (!Has("body")) return answer;

    const json& body = then_["body"];
    if (IsWithoutBody(answer.status))
      Refuse("/then/body", "does not go with status " + std::to_string(answer.status) +
                               ", whose answers have none; leave it out.");
    if (Is("tamper", "no-body") || Is("tamper", "html-body"))
      Refuse("/then/body", "is not sent with that \"tamper\"; leave one of them out.");
    answer.body = body.is_string() ? body.get<std::string>() : body.dump();
    if (!body.is_string() && !answer.headers.Find("Content-Type"))
      answer.headers.Add("Content-Type", "application/json");
    return answer;
  }

  bool Is(const char* member, const char* value) const { return then_.value(member, "") == value; }

  void AddHeader(http::Response& answer, const std::string& name, const std::string& value) {
    const std::string pointer = "/then/headers/" + PointerStep(name);
    const bool is_own =
        std::any_of(std::begin(kOwnHeaders), std::end(kOwnHeaders),
                    [&](std::string_view own) { return EqualIgnoringCase(own, name); });
    if (!http::IsToken(name))
      Refuse(pointer, "is no name of a header field; wanted: letters, digits and hyphens.");
    else if (is_own)
      Refuse(pointer, "is a header field that the emulator itself sends; leave it out.");
    else if (answer.headers.Find(name))
      Refuse(pointer, "is there twice: names compare without case; leave one of them out.");
    else if (HoldsControlCharacter(value))
      Refuse(pointer, "holds a line break or another control character; wanted: one line of text.");
    else
      answer.headers.Add(name, value);
  }

  void AddRetryAfter(std::optional<http::Response>& answer) {
    const std::string pointer = "/then/retryAfter";
    if (!answer && Has("refusal")) return;  // an unknown one, refused already
    if (!answer || (answer->status != 429 && answer->status != 503))
      return Refuse(pointer, "goes with a \"refusal\" or \"status\" of 429 or 503 alone.");
    if (Has("status") && answer->headers.Find("retry-after"))
      return Refuse(pointer, "is also in \"headers\"; leave one of them out.");
    if (Is("tamper", "no-retry-after") || Is("tamper", "retry-after-zero"))
      return Refuse(pointer, "is not sent with that \"tamper\"; leave one of them out.");
    answer->headers.Set("retry-after", std::to_string(then_["retryAfter"].get<int64_t>()));
  }

  world::FaultDelay ReadDelay(const json& delay) {
    if (delay.is_number()) return milliseconds(delay.get<int64_t>());
    if (delay.contains("lognormal"))
      return world::LognormalDelay{milliseconds(delay["lognormal"]["median"].get<int64_t>()),
                                   delay["lognormal"]["sigma"].get<double>()};
    const world::UniformDelay uniform{milliseconds(delay["uniform"][0].get<int64_t>()),
                                      milliseconds(delay["uniform"][1].get<int64_t>())};
    if (uniform.most < uniform.least)
      Refuse("/then/delayMs/uniform", "ends before it begins; wanted: [least, most].");
    return uniform;
  }

  http::ConnectionFault ReadBreakage() {
    for (const char* member : {"slowBodyMs", "tamper"})
      if (Has(member))
        Refuse(std::string("/then/") + member,
               "alters an answer, and \"connection\" sends none; leave one of them out.");
    return ByName(kBreakages, then_["connection"]);
  }

  world::Tampering ParseTampering(const std::optional<http::Response>& answer) {
    const world::Tampering tampering = ByName(kTamperings, then_["tamper"]);
    if (answer && !world::Concerns(tampering, *answer))
      Refuse("/then/tamper", "is about no answer of status " + std::to_string(answer->status) +
                                 ": lies about retry-after are told of 429 and 503 with one, lies "
                                 "about the body of 400 and above.");
    return tampering;
  }

  const json& plan_;
  const json& then_;
  std::vector<SchemaViolation> defects_;
};

}  // namespace

FaultPlanError::FaultPlanError(std::vector<SchemaViolation> defects)
    : std::runtime_error(defects.front().pointer + ": " + defects.front().sentence),
      defects_(std::move(defects)) {}

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
