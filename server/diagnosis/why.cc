#include "diagnosis/why.h"

#include <utility>

#include "api/operations.h"
#include "base/suggestions.h"
#include "diagnosis/reason_table.h"
#include "oauth/reasons.h"

namespace emulator::diagnosis {

namespace {

constexpr api::Citation kPlans{
    'U', "the emulator",
    "A planned fault, or what the request asks for by Prefer: code=, goes "
    "before the vendor's gates."};

// Ids of fixtures and of paths are anybody's: none may break a line, or a terminal, which takes
// U+0080 to U+009F (in UTF-8: \xC2, then one of these) for orders, too.
std::string Printable(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_later_control = i > 0 && text[i - 1] == '\xc2' && byte >= 0x80 && byte < 0xa0;
    if (byte < ' ' || byte == 0x7f || is_later_control) text[i] = '?';
    if (is_later_control) text[i - 1] = '?';
  }
  return text;
}

std::string Seconds(std::chrono::seconds seconds) {
  return std::to_string(seconds.count()) + " s";
}

// What is expected at a gate, and what was found there.
struct Finding {
  std::string expected, found;
};

Finding AtRoute(const journal::JournalEntry& entry) {
  std::string asked = std::string(entry.method) + " " + std::string(entry.target);
  for (const api::Reason* reason :
       {&api::reasons::kSandboxNameInvalid, &api::reasons::kTwoSandboxes,
        &api::reasons::kTooManySandboxes}) {
    if (entry.reason != reason->code) continue;
    for (const std::string_view name : entry.headers.Find("X-Emulator-Sandbox"))
      asked.append(", X-Emulator-Sandbox: ").append(name);
    return {"one sandbox, by a proper name, and room for it", asked};
  }
  return {"a path and a method that are served",
          entry.operation.empty() ? asked : asked + ", which is " + std::string(entry.operation)};
}

Finding AtDoor(const journal::JournalEntry& entry) {
  const api::Reason* reason = FindReason(entry.reason);
  return {"a whole request in HTTP, within the limits, and an emulator that has room for it",
          reason && reason->error ? std::string(reason->error->message) : "something else"};
}

Finding AtIdentity(const journal::JournalEntry& entry) {
  const api::Reason* reason = FindReason(entry.reason);
  return {"a request as OAuth 2.0 and OpenID Connect have it",
          reason && reason->error ? "this: " + std::string(reason->error->message) : "one"};
}

Finding AtPlans(const journal::JournalEntry& entry) {
  std::string found = "none";
  if (entry.fault > 0) {
    found = "planned fault " + std::to_string(entry.fault);
    if (entry.gate != Name(api::Gate::kFault)) found += ", which lets the gates decide";
  } else if (entry.gate == Name(api::Gate::kFault)) {
    found = "Prefer";
    for (const std::string_view value : entry.headers.Find("Prefer"))
      found.append(": ").append(value);
  }
  return {"no planned fault for this call, and no Prefer: code=", found};
}

std::string Whose(const journal::JournalEntry& entry) {
  std::string found = "the token " + std::string(entry.token);
  if (!entry.client.empty()) found.append(" of the client ").append(entry.client);
  if (!entry.user.empty()) found.append(", for the user ").append(entry.user);
  return found;
}

// What is wrong with a JWT, of which nothing more is told: it may be anybody's.
struct JwtFinding {
  const api::Reason& reason;
  const char* expected;
  const char* found;
};
constexpr JwtFinding kJwtFindings[] = {
    {api::reasons::kTokenMalformed, "a whole JWT", "it begins as one, or has dots, and is none"},
    {api::reasons::kTokenAlgorithm, "a JWT that is signed with RS256", "its header says otherwise"},
    {api::reasons::kTokenUnknownKey, "a JWT that is signed with the emulator's key",
     "its header names another key, or none"},
    {api::reasons::kTokenBadSignature, "a signature of the emulator's key", "it has another one"},
    {api::reasons::kTokenBadClaims, "claims of the right types, and \"exp\"", "they are not"},
};

Finding AtAuthenticate(const journal::JournalEntry& entry) {
  const auto values = entry.headers.Find("Authorization");
  const auto is = [&](const api::Reason& reason) { return entry.reason == reason.code; };
  if (is(api::reasons::kAuthorizationMissing)) return {"a header Authorization", "none"};
  if (is(api::reasons::kAuthorizationRepeated))
    return {"one header Authorization", std::to_string(values.size())};
  if (is(api::reasons::kAuthorizationNotBearer))
    return {"Authorization: Bearer, and one token",
            values.empty() || values[0].empty() ? "an empty header" : std::string(values[0])};
  if (is(api::reasons::kTokenUnknown))
    return {"a token that the fixtures of the World hold",
            "one with the hash " + std::string(entry.token)};
  for (const JwtFinding& row : kJwtFindings)
    if (is(row.reason)) return {row.expected, Whose(entry) + ": " + row.found};
  if (is(api::reasons::kTokenWrongAudience))
    return {"a token for " + std::string(entry.right_issuer) + ", or for nobody in particular",
            Whose(entry) + ", for somebody else"};
  if (is(api::reasons::kTokenRevoked))
    return {"a token that was not revoked", Whose(entry) + ", which was"};
  if (is(api::reasons::kTokenWrongIssuer))
    return {"a token of the issuer " + std::string(entry.right_issuer),
            Whose(entry) + ", of the issuer " + std::string(entry.issuer)};
  const std::string valid = "a token that is valid at " + IsoTime(entry.time);
  if (is(api::reasons::kTokenNotYetValid) && entry.not_before)
    return {valid, Whose(entry) + ", valid from " + CanonicalTime(*entry.not_before) + " on"};
  if (is(api::reasons::kTokenExpired) && entry.expires)
    return {valid, Whose(entry) + ", expired since " + CanonicalTime(*entry.expires)};
  if (is(api::reasons::kClientUnknown))
    return {"a token of a registered client", Whose(entry) + "; the client is not registered"};
  return {valid + ", of a registered client", Whose(entry)};
}

Finding AtScope(const journal::JournalEntry& entry, const api::Operation& operation) {
  return {"the scope " + std::string(api::kPlatformScope) + ", or, in the edition of the page, " +
              std::string(operation.scope),
          entry.scopes.empty() ? "none" : std::string(entry.scopes)};
}

Finding AtRateLimit(const journal::JournalEntry& entry) {
  const fixtures::Admission& admission = entry.admission;
  if (!admission.limit) return {"no limit for this client", "none"};
  const std::string calls = std::to_string(admission.limit->calls);
  const std::string expected = "at most " + calls + " calls of the client " +
                               std::string(entry.client) + " in " +
                               Seconds(admission.limit->window);
  if (!admission.wait) return {expected, "call " + std::to_string(admission.used)};
  return {expected, std::to_string(admission.used) +
                        " calls before this one; the next is admitted "
                        "after " +
                        Seconds(*admission.wait)};
}

Finding AtContent(bool refused) {
  return {"such an id, query and body as the operation takes",
          refused ? "others; the answer's details name them" : "such"};
}

Finding AtLookUp(const journal::JournalEntry& entry, bool refused) {
  if (entry.connection_id.empty())
    return {"an iModel that has connections", refused ? "none of that id" : "one"};
  const std::string connection = "a connection with the id " + Quoted(entry.connection_id);
  if (entry.reason == api::reasons::kRunUnknown.code)
    return {connection + ", and its run", "the connection, without such a run"};
  return {connection, refused ? "none" : "it"};
}

Finding AtPermission(const journal::JournalEntry& entry, bool refused) {
  if (entry.user.empty()) return {"a token that acts for a user", Whose(entry) + ", for nobody"};
  const std::string user = "the user " + std::string(entry.user);
  if (entry.reason == api::reasons::kUserNotAuthorized.code)
    return {"a user who has let the vendor act for it", user + ", who has not"};
  const std::string what = entry.connection_id.empty() ? "it" : Quoted(entry.connection_id);
  return {"a user who may read " + what, user + (refused ? ", who may not" : ", who may")};
}

Finding AtConflict(const journal::JournalEntry& entry, bool refused) {
  if (entry.reason == api::reasons::kRunSimultaneous.code)
    return {"no other start of a run at the same time", "one"};
  return {"no run that stands in the way", refused ? "one that is not over" : "none"};
}

Finding At(api::Gate gate, const journal::JournalEntry& entry, bool refused) {
  const api::Operation* operation = api::FindOperation(entry.operation);
  switch (gate) {
    case api::Gate::kRoute:
      return AtRoute(entry);
    case api::Gate::kFault:
      return AtPlans(entry);
    case api::Gate::kAuthenticate:
      return AtAuthenticate(entry);
    case api::Gate::kScope:
      if (operation) return AtScope(entry, *operation);
      break;
    case api::Gate::kRateLimit:
      return AtRateLimit(entry);
    case api::Gate::kContent:
      return AtContent(refused);
    case api::Gate::kLookUp:
      return AtLookUp(entry, refused);
    case api::Gate::kPermission:
      return AtPermission(entry, refused);
    case api::Gate::kConflict:
      return AtConflict(entry, refused);
    case api::Gate::kRender:
      return {"an answer", std::to_string(entry.status)};
    case api::Gate::kHttp:
      return AtDoor(entry);
    case api::Gate::kFailure:
      return {"an emulator that works", "a fault of its own"};
    case api::Gate::kOAuth:
      return AtIdentity(entry);
    case api::Gate::kControl:
      break;
  }
  return {};
}

// `operation`: nullptr where none was found.
api::Citation SourceAt(api::Gate gate, const api::Operation* operation) {
  switch (gate) {
    case api::Gate::kRoute:
    case api::Gate::kContent:
    case api::Gate::kRender:
      return operation ? operation->citation : api::citations::kOurs;
    case api::Gate::kAuthenticate:
    case api::Gate::kScope:
      return operation && operation->scope != "export:read"
                 ? api::citations::kAuthenticationToModify
                 : api::citations::kAuthentication;
    case api::Gate::kRateLimit:
      return api::citations::kTooMany;
    case api::Gate::kLookUp:
      return api::citations::kNotFound;
    case api::Gate::kPermission:
      return api::citations::kPermissions;
    case api::Gate::kConflict:
      return api::citations::kOneRun;
    case api::Gate::kFault:
      return kPlans;
    case api::Gate::kOAuth:
      return oauth::citations::kOAuth;
    case api::Gate::kHttp:
    case api::Gate::kControl:
    case api::Gate::kFailure:
      break;
  }
  return api::citations::kOurs;
}

constexpr api::Gate kEveryCall[] = {api::Gate::kRoute, api::Gate::kFault, api::Gate::kAuthenticate,
                                    api::Gate::kScope, api::Gate::kRateLimit};

// The gates that the request came to; beside the line, the one alone.
std::vector<api::Gate> GatesOf(const journal::JournalEntry& entry,
                               const api::Operation* operation) {
  std::vector<api::Gate> line(std::begin(kEveryCall), std::end(kEveryCall));
  if (operation) line.insert(line.end(), operation->gates.begin(), operation->gates.end());
  line.push_back(api::Gate::kRender);
  std::vector<api::Gate> gates;
  for (const api::Gate gate : line) {
    gates.push_back(gate);
    if (Name(gate) == entry.gate) return gates;
  }
  for (const api::Gate gate : {api::Gate::kFailure, api::Gate::kOAuth})
    if (Name(gate) == entry.gate) return {gate};
  return {api::Gate::kHttp};
}

std::string Summary(const journal::JournalEntry& entry) {
  std::string summary = entry.status == 0 ? "no answer" : std::to_string(entry.status);
  summary.append(" at the gate ").append(entry.gate);
  if (!entry.reason.empty()) summary.append(": ").append(entry.reason);
  return summary += ".";
}

}  // namespace

std::string_view Name(Step::Verdict verdict) {
  switch (verdict) {
    case Step::Verdict::kPassed:
      return "passed";
    case Step::Verdict::kRefused:
      return "refused";
    case Step::Verdict::kFault:
      return "fault";
  }
  return "";
}

Why Explain(const journal::JournalEntry& entry) {
  Why why{.summary = Summary(entry),
          .reason = FindReason(entry.reason),
          .contract_warnings = FindContractWarnings(entry),
          .violations = journal::LinesOf(entry.violations)};
  const api::Operation* const operation = api::FindOperation(entry.operation);
  for (const api::Gate gate : GatesOf(entry, operation)) {
    const bool decides = Name(gate) == entry.gate;
    const bool refused =
        decides && why.reason && gate != api::Gate::kRender && gate != api::Gate::kFault;
    const bool struck = gate == api::Gate::kFault && (entry.fault > 0 || decides);
    Finding finding = At(gate, entry, refused);
    why.steps.push_back({gate,
                         refused  ? Step::Verdict::kRefused
                         : struck ? Step::Verdict::kFault
                                  : Step::Verdict::kPassed,
                         std::move(finding.expected), std::move(finding.found),
                         why.reason && why.reason->gate == gate ? why.reason->citation
                                                                : SourceAt(gate, operation)});
  }
  return why;
}

std::string WriteWhy(const journal::JournalEntry& entry) {
  const Why why = Explain(entry);
  const auto cited = [](const api::Citation& source) {
    return std::string("[") + source.mark + "] " + std::string(source.where) + ": " +
           Quoted(source.sentence) + "\n";
  };
  std::string text = "#" + std::to_string(entry.id) + "  " + std::string(entry.method) + " " +
                     std::string(entry.target) + "\n    " + why.summary + "\n";
  for (const Step& step : why.steps) {
    text.append("  ").append(Name(step.verdict));
    text.append(step.verdict == Step::Verdict::kRefused ? "  " : "   ").append(Name(step.gate));
    text.append(": expected ").append(Printable(step.expected));
    text.append("; found ").append(Printable(step.found));
    text += "\n";
    if (step.verdict == Step::Verdict::kRefused)
      text.append("           ").append(cited(step.citation));
  }
  if (why.reason) text.append("  hint: ").append(why.reason->hint).append("\n");
  for (const ContractWarning& note : why.contract_warnings) {
    text.append("  warning: ").append(note.code).append(": ");
    text.append(Printable(note.sentence)).append("\n");
  }
  for (const std::string_view violation : why.violations)
    text.append("  THE EMULATOR BREAKS THE CONTRACT: ")
        .append(Printable(std::string(violation)))
        .append("\n");
  return text;
}

}  // namespace emulator::diagnosis
