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

// What a note looks at.
struct RequestRead {
  const journal::JournalEntry& entry;
  const api::Operation& operation;
  const api::OperationContract& contract;
  std::vector<std::pair<std::string, std::string>> query;  // decoded, as far as that goes
  std::optional<json> body;  // absent: none came, not all of it was kept, or it cannot be read
  std::string why_no_body;   // a sentence, where it cannot be read

  bool HasBody() const { return entry.body.size > 0; }
  bool HasWholeBody() const { return HasBody() && entry.body.size == entry.body.text.size(); }
};

RequestRead TakeSnapshot(const journal::JournalEntry& entry, const api::Operation& operation) {
  RequestRead asked{entry, operation, *api::FindContract(operation.name), {}, {}, {}};
  for (const auto& [name, value] : http::QueryParts(entry.target))
    if (!name.empty())
      asked.query.emplace_back(http::DecodeForm(name).value_or(std::string(name)),
                               http::DecodeForm(value).value_or(std::string(value)));
  if (asked.HasWholeBody()) {
    try {
      asked.body = ParseStrictJson(entry.body.text);
    } catch (const JsonTextError& error) {
      asked.why_no_body = error.what();
    }
  }
  return asked;
}

using Found = std::optional<std::string>;

// "The page knows no query parameter "a", "b"." Nothing, where there are none.
Found Telling(const char* beginning, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ", ").append(Quoted(name));
  if (list.empty()) return std::nullopt;
  return beginning + list + ".";
}

Found AcceptMissing(const RequestRead& asked) {
  if (!asked.entry.headers.Find("Accept").empty()) return std::nullopt;
  return "The page requires the header Accept; there is none.";
}

Found AcceptOther(const RequestRead& asked) {
  const auto values = asked.entry.headers.Find("Accept");
  const auto is_recommended = [](std::string_view value) {
    return value.find(kRecommendedType) != std::string_view::npos;
  };
  if (values.empty() || std::any_of(values.begin(), values.end(), is_recommended))
    return std::nullopt;
  return "The page recommends Accept: " + std::string(kRecommendedType) + "; it is " +
         std::string(values[0]) + ".";
}

Found ScopeOlder(const RequestRead& asked) {
  const std::string granted = " " + std::string(asked.entry.scopes) + " ";
  const auto has = [&](std::string_view scope) {
    return granted.find(" " + std::string(scope) + " ") != std::string::npos;
  };
  if (has(api::kPlatformScope) || !has(asked.operation.scope)) return std::nullopt;
  return "The token has the scope of the older page alone; newer ones ask for itwin-platform.";
}

Found QueryUnknown(const RequestRead& asked) {
  std::vector<std::string> names;
  for (const auto& part : asked.query)
    if (std::none_of(asked.contract.query.begin(), asked.contract.query.end(),
                     [&](const api::ContractValue& known) {
                       return EqualIgnoringCase(known.name, part.first);
                     }))
      names.push_back(part.first);
  return Telling("The page knows no query parameter ", names);
}

Found QueryMissing(const RequestRead& asked) {
  std::vector<std::string> names;
  for (const api::ContractValue& known : asked.contract.query)
    if (known.is_required && std::none_of(asked.query.begin(), asked.query.end(), [&](auto& part) {
          return EqualIgnoringCase(part.first, known.name);
        }))
      names.push_back(known.name);
  return Telling("The page requires the query parameter ", names);
}

Found QueryInvalid(const RequestRead& asked) {
  for (const api::ContractValue& known : asked.contract.query)
    for (const auto& [name, value] : asked.query)
      if (EqualIgnoringCase(known.name, name))
        if (const std::string defect = known.Validate(value); !defect.empty())
          return "The query parameter " + Quoted(known.name) + " " + defect;
  return std::nullopt;
}

Found BodyIgnored(const RequestRead& asked) {
  if (asked.contract.body || !asked.HasBody()) return std::nullopt;
  return "The page knows no body; " + std::to_string(asked.entry.body.size) + " bytes came.";
}

Found BodyMissing(const RequestRead& asked) {
  if (!asked.contract.is_body_required || asked.HasBody()) return std::nullopt;
  return "The page wants a body; none came.";
}

// The first that is wrong with the body, of those that are unknown members, or of the others.
Found FirstError(const RequestRead& asked, bool of_unknown_members) {
  if (!asked.contract.body || !asked.body) return std::nullopt;
  for (const SchemaViolation& defect : asked.contract.body->Validate(*asked.body))
    if (defect.is_unknown_member == of_unknown_members)
      return Sentence(defect.pointer.empty() ? "The body" : "The body's " + defect.pointer,
                      defect.sentence);
  return std::nullopt;
}

Found BodyInvalid(const RequestRead& asked) {
  if (asked.contract.body && !asked.why_no_body.empty())
    return Sentence("The body", asked.why_no_body);
  return FirstError(asked, false);
}

Found BodyMemberUnknown(const RequestRead& asked) {
  return FirstError(asked, true);
}

Found ContentTypeOther(const RequestRead& asked) {
  const auto values = asked.entry.headers.Find("Content-Type");
  if (!asked.contract.body || !asked.HasBody() || values.empty()) return std::nullopt;
  const std::string_view type = values[0].substr(0, values[0].find(';'));
  if (EqualIgnoringCase(type.substr(0, type.find_last_not_of(' ') + 1), "application/json"))
    return std::nullopt;
  return "The page supports Content-Type: application/json; it is " + std::string(values[0]) + ".";
}

struct NoteRow {
  std::string_view code;
  api::Citation citation;
  bool outside_contract;
  Found (*look)(const RequestRead& asked);
};

constexpr NoteRow kNotes[] = {
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
  std::vector<ContractWarning> notes;
  const api::Operation* operation = api::FindOperation(entry.operation);
  if (!operation) return notes;
  const RequestRead asked = TakeSnapshot(entry, *operation);
  for (const NoteRow& row : kNotes)
    if (auto sentence = row.look(asked))
      notes.push_back({row.code, std::move(*sentence), row.citation, row.outside_contract});
  return notes;
}

std::vector<std::string> ContractWarningCodes() {
  std::vector<std::string> words;
  for (const NoteRow& row : kNotes) words.emplace_back(row.code);
  return words;
}

}  // namespace emulator::diagnosis
