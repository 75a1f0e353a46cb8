#include "diagnosis/contract_warnings.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "api/contract.h"
#include "api/operations.h"
#include "base/strict_json.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "http/query.h"

namespace emulator::diagnosis {

namespace {

constexpr api::Citation kNewerScope{'D', "newer copies of the page", "itwin-platform"};
constexpr std::string_view kRecommendedType = "application/vnd.bentley.itwin-platform.v1+json";

using nlohmann::json;

constexpr api::Citation kParameters{'D', api::citations::kPage, "Request parameters"};
constexpr api::Citation kBody{'D', "the page Create Export Connection", "Request body"};
constexpr api::Citation kContentType{
    'D', "the page Create Export Connection",
    "Indicates request body content type. Supported media type is application/json."};

// A request, parsed once for all checks.
struct ParsedRequest {
  const journal::JournalEntry& entry;
  const api::Operation& operation;
  const api::OperationContract& contract;
  std::vector<std::pair<std::string, std::string>> query;  // decoded where possible
  std::optional<json> body;  // absent: no body, not kept as a whole, or not JSON
  std::string body_error;    // a sentence; empty unless the body is not JSON

  bool HasBody() const { return entry.body.size > 0; }
  bool HasWholeBody() const { return HasBody() && entry.body.size == entry.body.text.size(); }
};

ParsedRequest ParseRequest(const journal::JournalEntry& entry, const api::Operation& operation) {
  ParsedRequest request{entry, operation, *api::FindContract(operation.name), {}, {}, {}};
  for (const auto& [name, value] : http::QueryParts(entry.target))
    if (!name.empty())
      request.query.emplace_back(http::DecodeForm(name).value_or(std::string(name)),
                                 http::DecodeForm(value).value_or(std::string(value)));
  if (request.HasWholeBody()) {
    try {
      request.body = ParseStrictJson(entry.body.text);
    } catch (const JsonTextError& error) {
      request.body_error = error.what();
    }
  }
  return request;
}

using WarningText = std::optional<std::string>;

// "The page documents no query parameter "a", "b"." nullopt without names.
WarningText ListNames(const char* start, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ", ").append(Quoted(name));
  if (list.empty()) return std::nullopt;
  return start + list + ".";
}

WarningText AcceptMissing(const ParsedRequest& request) {
  if (!request.entry.headers.Find("Accept").empty()) return std::nullopt;
  return "The page requires the header Accept; the request has none.";
}

WarningText AcceptOther(const ParsedRequest& request) {
  const auto values = request.entry.headers.Find("Accept");
  const auto is_recommended = [](std::string_view value) {
    return value.find(kRecommendedType) != std::string_view::npos;
  };
  if (values.empty() || std::any_of(values.begin(), values.end(), is_recommended))
    return std::nullopt;
  return "The page recommends Accept: " + std::string(kRecommendedType) + "; the request has " +
         std::string(values[0]) + ".";
}

WarningText ScopeOlder(const ParsedRequest& request) {
  const std::string granted = " " + std::string(request.entry.scopes) + " ";
  const auto has = [&](std::string_view scope) {
    return granted.find(" " + std::string(scope) + " ") != std::string::npos;
  };
  if (has(api::kPlatformScope) || !has(request.operation.scope)) return std::nullopt;
  return "The token has only the scope of the older page; newer pages require itwin-platform.";
}

WarningText QueryUnknown(const ParsedRequest& request) {
  std::vector<std::string> names;
  for (const auto& part : request.query)
    if (std::none_of(request.contract.query.begin(), request.contract.query.end(),
                     [&](const api::ContractValue& known) {
                       return EqualIgnoringCase(known.name, part.first);
                     }))
      names.push_back(part.first);
  return ListNames("The page documents no query parameter ", names);
}

WarningText QueryMissing(const ParsedRequest& request) {
  std::vector<std::string> names;
  for (const api::ContractValue& known : request.contract.query)
    if (known.is_required &&
        std::none_of(request.query.begin(), request.query.end(),
                     [&](auto& part) { return EqualIgnoringCase(part.first, known.name); }))
      names.push_back(known.name);
  return ListNames("The page requires the query parameter ", names);
}

WarningText QueryInvalid(const ParsedRequest& request) {
  for (const api::ContractValue& known : request.contract.query)
    for (const auto& [name, value] : request.query)
      if (EqualIgnoringCase(known.name, name))
        if (const std::string violation = known.Validate(value); !violation.empty())
          return "The query parameter " + Quoted(known.name) + " " + violation;
  return std::nullopt;
}

WarningText BodyIgnored(const ParsedRequest& request) {
  if (request.contract.body || !request.HasBody()) return std::nullopt;
  return "The page documents no body; the request has " + std::to_string(request.entry.body.size) +
         " bytes.";
}

WarningText BodyMissing(const ParsedRequest& request) {
  if (!request.contract.is_body_required || request.HasBody()) return std::nullopt;
  return "The page requires a body; the request has none.";
}

// The first violation of the body's schema: an unknown member, or any other violation.
WarningText FirstViolation(const ParsedRequest& request, bool unknown_members) {
  if (!request.contract.body || !request.body) return std::nullopt;
  for (const SchemaViolation& violation : request.contract.body->Validate(*request.body))
    if (violation.is_unknown_member == unknown_members)
      return Sentence(violation.pointer.empty() ? "The body" : "The body's " + violation.pointer,
                      violation.sentence);
  return std::nullopt;
}

WarningText BodyInvalid(const ParsedRequest& request) {
  if (request.contract.body && !request.body_error.empty())
    return Sentence("The body", request.body_error);
  return FirstViolation(request, false);
}

WarningText BodyMemberUnknown(const ParsedRequest& request) {
  return FirstViolation(request, true);
}

WarningText ContentTypeOther(const ParsedRequest& request) {
  const auto values = request.entry.headers.Find("Content-Type");
  if (!request.contract.body || !request.HasBody() || values.empty()) return std::nullopt;
  const std::string_view type = values[0].substr(0, values[0].find(';'));
  if (EqualIgnoringCase(type.substr(0, type.find_last_not_of(' ') + 1), "application/json"))
    return std::nullopt;
  return "The page supports Content-Type: application/json; the request has " +
         std::string(values[0]) + ".";
}

struct WarningRow {
  std::string_view code;
  api::Citation citation;
  bool outside_contract;
  WarningText (*check)(const ParsedRequest& request);
};

constexpr WarningRow kWarningRows[] = {
    {"accept-missing", api::citations::kAccept, true, AcceptMissing},
    {"accept-other", api::citations::kAccept, false, AcceptOther},
    {"scope-older", kNewerScope, false, ScopeOlder},
    {"query-unknown", kParameters, true, QueryUnknown},
    {"query-missing", kParameters, true, QueryMissing},
    {"query-invalid", kParameters, true, QueryInvalid},
    {"body-ignored", kParameters, true, BodyIgnored},
    {"body-missing", kBody, true, BodyMissing},
    {"body-invalid", kBody, true, BodyInvalid},
    {"body-member-unknown", kBody, true, BodyMemberUnknown},
    {"content-type-other", kContentType, true, ContentTypeOther},
};

}  // namespace

std::vector<ContractWarning> FindContractWarnings(const journal::JournalEntry& entry) {
  std::vector<ContractWarning> warnings;
  const api::Operation* operation = api::FindOperation(entry.operation);
  if (!operation) return warnings;
  const ParsedRequest request = ParseRequest(entry, *operation);
  for (const WarningRow& row : kWarningRows)
    if (auto sentence = row.check(request))
      warnings.push_back({row.code, std::move(*sentence), row.citation, row.outside_contract});
  return warnings;
}

std::vector<std::string> ContractWarningCodes() {
  std::vector<std::string> codes;
  for (const WarningRow& row : kWarningRows) codes.emplace_back(row.code);
  return codes;
}

}  // namespace emulator::diagnosis
