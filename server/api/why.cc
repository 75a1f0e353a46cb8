#include "api/why.h"

#include <utility>

#include "api/oauth_causes.h"
#include "api/operations.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

constexpr Source kPlans{'U', "the emulator",
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

Finding AtRoute(const JournalEntry& entry) {
  std::string asked = std::string(entry.method) + " " + std::string(entry.target);
  for (const Cause* cause :
       {&causes::kSandboxNameInvalid, &causes::kTwoSandboxes, &causes::kTooManySandboxes}) {
    if (entry.reason != cause->word) continue;
    for (const std::string_view name : entry.headers.Find("X-Emulator-Sandbox"))
      asked.append(", X-Emulator-Sandbox: ").append(name);
    return {"one sandbox, by a proper name, and room for it", asked};
  }
  return {"a path and a method that are served",
          entry.operation.empty() ? asked : asked + ", which is " + std::string(entry.operation)};
}

Finding AtDoor(const JournalEntry& entry) {
  const Cause* cause = FindCause(entry.reason);
  return {"a whole request in HTTP, within the limits, and an emulator that has room for it",
          cause && cause->refusal ? std::string(cause->refusal->message) : "something else"};
}

Finding AtIdentity(const JournalEntry& entry) {
  const Cause* cause = FindCause(entry.reason);
  return {"a request as OAuth 2.0 and OpenID Connect have it",
          cause && cause->refusal ? "this: " + std::string(cause->refusal->message) : "one"};
}

Finding AtPlans(const JournalEntry& entry) {
  std::string found = "none";
  if (entry.fault > 0) {
    found = "planned fault " + std::to_string(entry.fault);
    if (entry.gate != Name(Gate::kPlanned)) found += ", which lets the gates decide";
  } else if (entry.gate == Name(Gate::kPlanned)) {
    found = "Prefer";
    for (const std::string_view value : entry.headers.Find("Prefer"))
      found.append(": ").append(value);
  }
  return {"no planned fault for this call, and no Prefer: code=", found};
}

std::string Whose(const JournalEntry& entry) {
  std::string found = "the token " + std::string(entry.token);
  if (!entry.client.empty()) found.append(" of the client ").append(entry.client);
  if (!entry.user.empty()) found.append(", for the user ").append(entry.user);
  return found;
}

// What is wrong with a JWT, of which nothing more is told: it may be anybody's.
struct JwtFinding {
  const Cause& cause;
  const char* expected;
  const char* found;
};
constexpr JwtFinding kJwtFindings[] = {
    {causes::kTokenMalformed, "a whole JWT", "it begins as one, or has dots, and is none"},
    {causes::kTokenAlgorithm, "a JWT that is signed with RS256", "its header says otherwise"},
    {causes::kTokenUnknownKey, "a JWT that is signed with the emulator's key",
     "its header names another key, or none"},
    {causes::kTokenBadSignature, "a signature of the emulator's key", "it has another one"},
    {causes::kTokenBadClaims, "claims of the right types, and \"exp\"", "they are not"},
};

Finding AtAuthenticate(const JournalEntry& entry) {
  const auto values = entry.headers.Find("Authorization");
  const auto is = [&](const Cause& cause) { return entry.reason == cause.word; };
  if (is(causes::kAuthorizationMissing)) return {"a header Authorization", "none"};
  if (is(causes::kAuthorizationRepeated))
    return {"one header Authorization", std::to_string(values.size())};
  if (is(causes::kAuthorizationNotBearer))
    return {"Authorization: Bearer, and one token",
            values.empty() || values[0].empty() ? "an empty header" : std::string(values[0])};
  if (is(causes::kTokenUnknown))
    return {"a token that the fixtures of the World hold",
            "one with the hash " + std::string(entry.token)};
  for (const JwtFinding& row : kJwtFindings)
    if (is(row.cause)) return {row.expected, Whose(entry) + ": " + row.found};
  if (is(causes::kTokenWrongAudience))
    return {"a token for " + std::string(entry.right_issuer) + ", or for nobody in particular",
            Whose(entry) + ", for somebody else"};
  if (is(causes::kTokenRevoked))
    return {"a token that was not revoked", Whose(entry) + ", which was"};
  if (is(causes::kTokenWrongIssuer))
    return {"a token of the issuer " + std::string(entry.right_issuer),
            Whose(entry) + ", of the issuer " + std::string(entry.issuer)};
  const std::string valid = "a token that is valid at " + IsoTime(entry.time);
  if (is(causes::kTokenNotYetValid) && entry.not_before)
    return {valid, Whose(entry) + ", valid from " + StoredTime(*entry.not_before) + " on"};
  if (is(causes::kTokenExpired) && entry.expires)
    return {valid, Whose(entry) + ", expired since " + StoredTime(*entry.expires)};
  if (is(causes::kClientUnknown))
    return {"a token of a registered client", Whose(entry) + "; the client is not registered"};
  return {valid + ", of a registered client", Whose(entry)};
}

Finding AtScope(const JournalEntry& entry, const Operation& operation) {
  return {"the scope " + std::string(kPlatformScope) + ", or, in the edition of the page, " +
              std::string(operation.scope),
          entry.scopes.empty() ? "none" : std::string(entry.scopes)};
}

Finding AtRateLimit(const JournalEntry& entry) {
  const Admission& admission = entry.admission;
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

Finding AtLookUp(const JournalEntry& entry, bool refused) {
  if (entry.connection_id.empty())
    return {"an iModel that has connections", refused ? "none of that id" : "one"};
  const std::string connection = "a connection with the id " + Quoted(entry.connection_id);
  if (entry.reason == causes::kRunUnknown.word)
    return {connection + ", and its run", "the connection, without such a run"};
  return {connection, refused ? "none" : "it"};
}

Finding AtPermission(const JournalEntry& entry, bool refused) {
  if (entry.user.empty()) return {"a token that acts for a user", Whose(entry) + ", for nobody"};
  const std::string user = "the user " + std::string(entry.user);
  if (entry.reason == causes::kUserNotAuthorized.word)
    return {"a user who has let the vendor act for it", user + ", who has not"};
  const std::string what = entry.connection_id.empty() ? "it" : Quoted(entry.connection_id);
  return {"a user who may read " + what, user + (refused ? ", who may not" : ", who may")};
}

Finding AtConflict(const JournalEntry& entry, bool refused) {
  if (entry.reason == causes::kRunSimultaneous.word)
    return {"no other start of a run at the same time", "one"};
  return {"no run that stands in the way", refused ? "one that is not over" : "none"};
}

Finding At(Gate gate, const JournalEntry& entry, bool refused) {
  const Operation* operation = FindOperation(entry.operation);
  switch (gate) {
    case Gate::kRoute:
      return AtRoute(entry);
    case Gate::kPlanned:
      return AtPlans(entry);
    case Gate::kAuthenticate:
      return AtAuthenticate(entry);
    case Gate::kScope:
      if (operation) return AtScope(entry, *operation);
      break;
    case Gate::kRateLimit:
      return AtRateLimit(entry);
    case Gate::kContent:
      return AtContent(refused);
    case Gate::kLookUp:
      return AtLookUp(entry, refused);
    case Gate::kPermission:
      return AtPermission(entry, refused);
    case Gate::kConflict:
      return AtConflict(entry, refused);
    case Gate::kRender:
      return {"an answer", std::to_string(entry.status)};
    case Gate::kDoor:
      return AtDoor(entry);
    case Gate::kFailure:
      return {"an emulator that works", "a fault of its own"};
    case Gate::kIdentity:
      return AtIdentity(entry);
    case Gate::kControl:
      break;
  }
  return {};
}

// `operation`: nullptr where none was found.
Source SourceAt(Gate gate, const Operation* operation) {
  switch (gate) {
    case Gate::kRoute:
    case Gate::kContent:
    case Gate::kRender:
      return operation ? operation->source : sources::kOurs;
    case Gate::kAuthenticate:
    case Gate::kScope:
      return operation && operation->scope != "export:read" ? sources::kAuthenticationToModify
                                                            : sources::kAuthentication;
    case Gate::kRateLimit:
      return sources::kTooMany;
    case Gate::kLookUp:
      return sources::kNotFound;
    case Gate::kPermission:
      return sources::kPermissions;
    case Gate::kConflict:
      return sources::kOneRun;
    case Gate::kPlanned:
      return kPlans;
    case Gate::kIdentity:
      return sources::kOAuth;
    case Gate::kDoor:
    case Gate::kControl:
    case Gate::kFailure:
      break;
  }
  return sources::kOurs;
}

constexpr Gate kEveryCall[] = {Gate::kRoute, Gate::kPlanned, Gate::kAuthenticate, Gate::kScope,
                               Gate::kRateLimit};

// The gates that the request came to; beside the line, the one alone.
std::vector<Gate> GatesOf(const JournalEntry& entry, const Operation* operation) {
  std::vector<Gate> line(std::begin(kEveryCall), std::end(kEveryCall));
  if (operation) line.insert(line.end(), operation->gates.begin(), operation->gates.end());
  line.push_back(Gate::kRender);
  std::vector<Gate> gates;
  for (const Gate gate : line) {
    gates.push_back(gate);
    if (Name(gate) == entry.gate) return gates;
  }
  for (const Gate gate : {Gate::kFailure, Gate::kIdentity})
    if (Name(gate) == entry.gate) return {gate};
  return {Gate::kDoor};
}

std::string Summary(const JournalEntry& entry) {
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
    case Step::Verdict::kStruck:
      return "struck";
  }
  return "";
}

Why Explain(const JournalEntry& entry) {
  Why why{.summary = Summary(entry),
          .cause = FindCause(entry.reason),
          .notes = NotesOn(entry),
          .violations = LinesOf(entry.violations)};
  const Operation* const operation = FindOperation(entry.operation);
  for (const Gate gate : GatesOf(entry, operation)) {
    const bool decides = Name(gate) == entry.gate;
    const bool refused = decides && why.cause && gate != Gate::kRender && gate != Gate::kPlanned;
    const bool struck = gate == Gate::kPlanned && (entry.fault > 0 || decides);
    Finding finding = At(gate, entry, refused);
    why.steps.push_back(
        {gate,
         refused  ? Step::Verdict::kRefused
         : struck ? Step::Verdict::kStruck
                  : Step::Verdict::kPassed,
         std::move(finding.expected), std::move(finding.found),
         why.cause && why.cause->gate == gate ? why.cause->source : SourceAt(gate, operation)});
  }
  return why;
}

std::string WriteWhy(const JournalEntry& entry) {
  const Why why = Explain(entry);
  const auto cited = [](const Source& source) {
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
      text.append("           ").append(cited(step.source));
  }
  if (why.cause) text.append("  hint: ").append(why.cause->hint).append("\n");
  for (const Note& note : why.notes) {
    text.append("  note: ").append(note.word).append(": ");
    text.append(Printable(note.sentence)).append("\n");
  }
  for (const std::string_view violation : why.violations)
    text.append("  THE EMULATOR BREAKS THE CONTRACT: ")
        .append(Printable(std::string(violation)))
        .append("\n");
  return text;
}

}  // namespace emulator
