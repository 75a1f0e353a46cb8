#include "diagnosis/why.h"

#include <utility>

#include "api/operations.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "diagnosis/reason_table.h"
#include "oauth/reasons.h"

namespace emulator::diagnosis {

namespace {

constexpr api::Citation kFaultGate{
    'U', "the emulator",
    "Planned faults, and answers requested by Prefer: code=, come before the vendor's gates."};

std::string FormatSeconds(std::chrono::seconds seconds) {
  return std::to_string(seconds.count()) + " s";
}

// What a gate expects, and what it found.
struct Finding {
  std::string expected, found;
};

Finding AtRoute(const journal::JournalEntry& entry) {
  std::string request = std::string(entry.method) + " " + std::string(entry.target);
  for (const api::Reason* reason :
       {&api::reasons::kSandboxNameInvalid, &api::reasons::kTwoSandboxes,
        &api::reasons::kTooManySandboxes}) {
    if (entry.reason != reason->code) continue;
    for (const std::string_view name : entry.headers.Find("X-Emulator-Sandbox"))
      request.append(", X-Emulator-Sandbox: ").append(name);
    return {"one valid sandbox name, and room for that sandbox", request};
  }
  return {
      "a path and a method that the emulator serves",
      entry.operation.empty() ? request : request + ", which is " + std::string(entry.operation)};
}

Finding AtHttp(const journal::JournalEntry& entry) {
  const api::Reason* reason = FindReason(entry.reason);
  return {"a complete HTTP request within the limits, and a free connection",
          reason && reason->error ? std::string(reason->error->message) : "another request"};
}

Finding AtOAuth(const journal::JournalEntry& entry) {
  const api::Reason* reason = FindReason(entry.reason);
  return {"a request that is valid by OAuth 2.0 and OpenID Connect",
          reason && reason->error ? std::string(reason->error->message) : "a valid request"};
}

Finding AtFault(const journal::JournalEntry& entry) {
  std::string found = "none";
  if (entry.fault > 0) {
    found = "planned fault " + std::to_string(entry.fault);
    if (entry.gate != Name(api::Gate::kFault))
      found += ", which leaves the decision to the other gates";
  } else if (entry.gate == Name(api::Gate::kFault)) {
    found = "Prefer";
    for (const std::string_view value : entry.headers.Find("Prefer"))
      found.append(": ").append(value);
  }
  return {"no planned fault for this call, and no Prefer: code=", found};
}

std::string DescribeToken(const journal::JournalEntry& entry) {
  std::string found = "the token " + std::string(entry.token);
  if (!entry.client.empty()) found.append(" of the client ").append(entry.client);
  if (!entry.user.empty()) found.append(", for the user ").append(entry.user);
  return found;
}

// An invalid JWT. Its claims are not shown: they may be a stranger's.
struct JwtFinding {
  const api::Reason& reason;
  const char* expected;
  const char* found;
};
constexpr JwtFinding kJwtFindings[] = {
    {api::reasons::kTokenMalformed, "a well-formed JWT", "it looks like a JWT, but is malformed"},
    {api::reasons::kTokenAlgorithm, "a JWT that is signed with RS256",
     "its header names another algorithm"},
    {api::reasons::kTokenUnknownKey, "a JWT that is signed with the emulator's key",
     "its header names another key, or no key"},
    {api::reasons::kTokenBadSignature, "a signature by the emulator's key",
     "its signature is another"},
    {api::reasons::kTokenBadClaims, "claims of the right types, and \"exp\"",
     "a claim is missing or of a wrong type"},
};

Finding AtAuthenticate(const journal::JournalEntry& entry) {
  const auto values = entry.headers.Find("Authorization");
  const auto is = [&](const api::Reason& reason) { return entry.reason == reason.code; };
  if (is(api::reasons::kAuthorizationMissing)) return {"the header Authorization", "none"};
  if (is(api::reasons::kAuthorizationRepeated))
    return {"one header Authorization", std::to_string(values.size())};
  if (is(api::reasons::kAuthorizationNotBearer))
    return {"Authorization: Bearer, and one token",
            values.empty() || values[0].empty() ? "an empty header" : std::string(values[0])};
  if (is(api::reasons::kTokenUnknown))
    return {"a token of this world's fixtures",
            "an unknown token with the hash " + std::string(entry.token)};
  for (const JwtFinding& row : kJwtFindings)
    if (is(row.reason)) return {row.expected, DescribeToken(entry) + ": " + row.found};
  if (is(api::reasons::kTokenWrongAudience))
    return {"a token for the audience " + std::string(entry.right_issuer) + ", or for none",
            DescribeToken(entry) + ", for another audience"};
  if (is(api::reasons::kTokenRevoked))
    return {"a token that is not revoked", DescribeToken(entry) + ", which is revoked"};
  if (is(api::reasons::kTokenWrongIssuer))
    return {"a token of the issuer " + std::string(entry.right_issuer),
            DescribeToken(entry) + ", of the issuer " + std::string(entry.issuer)};
  const std::string valid = "a token that is valid at " + IsoTime(entry.time);
  if (is(api::reasons::kTokenNotYetValid) && entry.not_before)
    return {valid, DescribeToken(entry) + ", valid from " + CanonicalTime(*entry.not_before)};
  if (is(api::reasons::kTokenExpired) && entry.expires)
    return {valid, DescribeToken(entry) + ", which expired at " + CanonicalTime(*entry.expires)};
  if (is(api::reasons::kClientUnknown))
    return {"a token of a registered client",
            DescribeToken(entry) + "; the client is not registered"};
  return {valid + ", of a registered client", DescribeToken(entry)};
}

Finding AtScope(const journal::JournalEntry& entry, const api::Operation& operation) {
  return {"the scope " + std::string(api::kPlatformScope) + ", or in the edition page " +
              std::string(operation.scope),
          entry.scopes.empty() ? "none" : std::string(entry.scopes)};
}

Finding AtRateLimit(const journal::JournalEntry& entry) {
  const fixtures::Admission& admission = entry.admission;
  if (!admission.limit) return {"no limit for this client", "none"};
  const std::string calls = std::to_string(admission.limit->calls);
  const std::string expected = "at most " + calls + " calls of the client " +
                               std::string(entry.client) + " in " +
                               FormatSeconds(admission.limit->window);
  if (!admission.wait) return {expected, "call " + std::to_string(admission.used)};
  return {expected, std::to_string(admission.used) +
                        " calls before this one; the next call is admitted after " +
                        FormatSeconds(*admission.wait)};
}

Finding AtContent(bool refused) {
  return {"an id, a query and a body that are valid for the operation",
          refused ? "invalid ones; the answer's details name them" : "valid ones"};
}

Finding AtLookUp(const journal::JournalEntry& entry, bool refused) {
  if (entry.connection_id.empty())
    return {"an iModel that has connections", refused ? "none with that id" : "one"};
  const std::string connection = "a connection with the id " + Quoted(entry.connection_id);
  if (entry.reason == api::reasons::kRunUnknown.code)
    return {connection + ", and its run", "the connection, but not the run"};
  return {connection, refused ? "none" : "the connection"};
}

Finding AtPermission(const journal::JournalEntry& entry, bool refused) {
  if (entry.user.empty())
    return {"a token that acts for a user", DescribeToken(entry) + ", without a user"};
  const std::string user = "the user " + std::string(entry.user);
  if (entry.reason == api::reasons::kUserNotAuthorized.code)
    return {"a user who has authorized the vendor", user + ", who has not"};
  const std::string resource =
      entry.connection_id.empty() ? "the resource" : Quoted(entry.connection_id);
  return {"a user who may read " + resource, user + (refused ? ", who may not" : ", who may")};
}

Finding AtConflict(const journal::JournalEntry& entry, bool refused) {
  if (entry.reason == api::reasons::kRunSimultaneous.code)
    return {"no other start of a run at the same time", "another start"};
  return {"no run in progress", refused ? "a run in progress" : "none"};
}

Finding FindAt(api::Gate gate, const journal::JournalEntry& entry, bool refused) {
  const api::Operation* operation = api::FindOperation(entry.operation);
  switch (gate) {
    case api::Gate::kRoute:
      return AtRoute(entry);
    case api::Gate::kFault:
      return AtFault(entry);
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
      return AtHttp(entry);
    case api::Gate::kFailure:
      return {"no failure of the emulator", "an internal error"};
    case api::Gate::kIdentity:
      return AtOAuth(entry);
    case api::Gate::kControl:
      break;
  }
  return {};
}

// What decides at a gate. `operation`: nullptr where none was found.
api::Citation CitationAt(api::Gate gate, const api::Operation* operation) {
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
      return kFaultGate;
    case api::Gate::kIdentity:
      return oauth::citations::kOAuth;
    case api::Gate::kHttp:
    case api::Gate::kControl:
    case api::Gate::kFailure:
      break;
  }
  return api::citations::kOurs;
}

constexpr api::Gate kFirstGates[] = {api::Gate::kRoute, api::Gate::kFault, api::Gate::kAuthenticate,
                                     api::Gate::kScope, api::Gate::kRateLimit};

// The gates that the request passed, and the one that decided. A gate outside the pipeline stands
// alone.
std::vector<api::Gate> GatesOf(const journal::JournalEntry& entry,
                               const api::Operation* operation) {
  std::vector<api::Gate> pipeline(std::begin(kFirstGates), std::end(kFirstGates));
  if (operation) pipeline.insert(pipeline.end(), operation->gates.begin(), operation->gates.end());
  pipeline.push_back(api::Gate::kRender);
  std::vector<api::Gate> gates;
  for (const api::Gate gate : pipeline) {
    gates.push_back(gate);
    if (Name(gate) == entry.gate) return gates;
  }
  for (const api::Gate gate : {api::Gate::kFailure, api::Gate::kIdentity})
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
    const bool is_fault = gate == api::Gate::kFault && (entry.fault > 0 || decides);
    Finding finding = FindAt(gate, entry, refused);
    why.steps.push_back({gate,
                         refused    ? Step::Verdict::kRefused
                         : is_fault ? Step::Verdict::kFault
                                    : Step::Verdict::kPassed,
                         std::move(finding.expected), std::move(finding.found),
                         why.reason && why.reason->gate == gate ? why.reason->citation
                                                                : CitationAt(gate, operation)});
  }
  return why;
}

std::string WriteWhy(const journal::JournalEntry& entry) {
  const Why why = Explain(entry);
  const auto cited = [](const api::Citation& citation) {
    return std::string("[") + citation.mark + "] " + std::string(citation.where) + ": " +
           Quoted(citation.sentence) + "\n";
  };
  std::string text = "#" + std::to_string(entry.id) + "  " + std::string(entry.method) + " " +
                     ScrubControls(entry.target) + "\n    " + why.summary + "\n";
  for (const Step& step : why.steps) {
    text.append("  ").append(Name(step.verdict));
    text.append(step.verdict == Step::Verdict::kRefused ? "  " : "   ").append(Name(step.gate));
    text.append(": expected ").append(ScrubControls(step.expected));
    text.append("; found ").append(ScrubControls(step.found));
    text += "\n";
    if (step.verdict == Step::Verdict::kRefused)
      text.append("           ").append(cited(step.citation));
  }
  if (why.reason) text.append("  hint: ").append(why.reason->hint).append("\n");
  for (const ContractWarning& warning : why.contract_warnings) {
    text.append("  warning: ").append(warning.code).append(": ");
    text.append(ScrubControls(warning.sentence)).append("\n");
  }
  for (const std::string_view violation : why.violations)
    text.append("  THE EMULATOR BREAKS THE CONTRACT: ")
        .append(ScrubControls(violation))
        .append("\n");
  return text;
}

}  // namespace emulator::diagnosis
