#include "diagnosis/why.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <functional>
#include <set>

#include "diagnosis/reason_table.h"
#include "support/temporary_folder.h"
#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::diagnosis;

namespace {

// An answer, and what the journal keeps of it.
struct Met {
  http::Response response;
  journal::RecordedEntry kept;
};

Met Meet(TestEmulator& ask, const http::Request& request) {
  http::Response response = ask(request);
  return {std::move(response), ask.worlds.Default()->journal->Read().back()};
}
Met Meet(TestEmulator& ask, const std::string& target, const std::string& token = "") {
  return Meet(ask, Get(target, token));
}
Met Meet(TestEmulator& ask, const http::Headers& headers) {
  return Meet(ask, http::Request{.method = "GET", .target = kExamplePath, .headers = headers});
}

http::Request With(http::Request request, const char* name, const std::string& value) {
  request.headers.Add(name, value);
  return request;
}

auto Asking(const std::string& target, const std::string& token = "") {
  return [=](TestEmulator& ask) { return Meet(ask, target, token); };
}
auto Calling(const char* method, const std::string& target, const std::string& token = "") {
  return [=](TestEmulator& ask) {
    http::Request request = Get(target, token);
    request.method = method;
    return Meet(ask, request);
  };
}
auto Posting(const std::string& target, const std::string& body) {
  return [=](TestEmulator& ask) { return Meet(ask, Post(target, body)); };
}
auto Sending(http::Headers headers) {
  return [=](TestEmulator& ask) { return Meet(ask, headers); };
}
auto Unread(http::server::RequestParseError defect) {
  return [=](TestEmulator& ask) {
    http::Response response = ask.emulator.RefuseUnread(defect);
    return Met{std::move(response), ask.worlds.Default()->journal->Read().back()};
  };
}

Met MeetNobody(TestEmulator& ask) {
  REQUIRE(ask("PUT", "/_emulator/clients/bot", R"({"tier": "trial"})").status == 201);
  REQUIRE(ask("PUT", "/_emulator/tokens/bots",
              R"({"token": "bot-token", "client": "bot", "scopes": ["export:read"]})")
              .status == 201);
  return Meet(ask, kExamplePath, "bot-token");
}

Met MeetFault(TestEmulator& ask) {
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"status": 503}})").status == 201);
  return Meet(ask, kExamplePath, "reader-token");
}

// A token that is broken on purpose.
std::function<Met(TestEmulator&)> Breaking(const std::string& defect) {
  return [defect](TestEmulator& ask) {
    const auto made = BodyOf(ask("POST", "/_emulator/tokens", R"({"defect": ")" + defect + "\"}"));
    return Meet(ask, kExamplePath, made["token"]);
  };
}

Met MeetRevoked(TestEmulator& ask) {
  ask.worlds.Default()->grants.RevokeAccessToken("reader-token");
  return Meet(ask, kExamplePath, "reader-token");
}

Met MeetFullHouse(TestEmulator& ask) {
  for (size_t i = 0; i < ask.worlds.settings().max_sandboxes; ++i)
    REQUIRE(ask("/_sandbox/s" + std::to_string(i) + "/_emulator/clock").status == 200);
  return Meet(ask, "/_sandbox/last" + kExamplePath, "reader-token");
}

// Fixtures that cannot be read are a fault of the emulator's own.
Met MeetFailure(TestEmulator& ask) {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  world::WorldRegistry worlds(std::make_shared<const fixtures::FixtureStore>(DefaultFixtures()),
                              std::make_shared<fixtures::FixtureStore>(file, DefaultFixtures()),
                              {});
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("drop table tokens");
  Emulator emulator(ask.service, ask.identity, worlds, ask.log, {});
  http::Response response = emulator.Answer(Get(kExamplePath, "reader-token"));
  return {std::move(response), worlds.Default()->journal->Read().back()};
}

// What a refusal has to say of itself. Of the sentence of its source and of its hint a part that no
// other cause's has.
struct ReasonRow {
  std::string code;
  std::function<Met(TestEmulator&)> ask;
  int status;
  std::string gate;
  std::string expected;
  std::string found;
  char mark;
  std::string sentence;
  std::string hint;
};

const char* const kHttp =
    "a whole request in HTTP, within the limits, and an emulator that has room for it";
const char* const kServed = "a path and a method that are served";
const char* const kSandbox = "one sandbox, by a proper name, and room for it";
const char* const kNoPlan = "no planned fault for this call, and no Prefer: code=";
const char* const kUndocumented = "The vendor documents no answer here";
const char* const kNoCredentials = "lacks valid authentication credentials";
const char* const kContent = "such an id, query and body as the operation takes";
const char* const kBadToken = "Make sure that issuer is correct";
const char* const kValidAtNoon = "a token that is valid at 2026-11-24T12:00:00.000Z";

const std::vector<ReasonRow>& ReasonRows() {
  static const std::vector<ReasonRow> kRows{
      {"authorization-missing", Asking(kExamplePath), 401, "authenticate", "a header Authorization",
       "none", 'D', kNoCredentials, "Send the header"},
      {"authorization-repeated",
       Sending({{"Authorization", "Bearer reader-token"}, {"authorization", "Bearer other-token"}}),
       401, "authenticate", "one header Authorization", "2", 'D', kNoCredentials,
       "Send Authorization once"},
      {"authorization-not-bearer", Sending({{"Authorization", "Basic cmVhZGVyOnNlY3JldA=="}}), 401,
       "authenticate", "Authorization: Bearer, and one token", "Basic #", 'D',
       "Requires Authorization header with valid Bearer token", "one token without spaces"},
      {"token-unknown", Asking(kExamplePath, "a-secret"), 401, "authenticate",
       "a token that the fixtures of the World hold", "one with the hash #b4d8752439", 'O',
       kBadToken, "unknown in the others"},
      {"token-malformed", Breaking("truncated"), 401, "authenticate", "a whole JWT",
       "begins as one", 'O', kBadToken, "three parts of base64url"},
      {"token-algorithm", Breaking("alg-none"), 401, "authenticate",
       "a JWT that is signed with RS256", "otherwise", 'O', kBadToken, "Only RS256"},
      {"token-unknown-key", Breaking("unknown-key"), 401, "authenticate",
       "a JWT that is signed with the emulator's key", "names another key", 'O', kBadToken,
       "--signing-key keeps it"},
      {"token-bad-signature", Breaking("bad-signature"), 401, "authenticate",
       "a signature of the emulator's key", "another one", 'O', kBadToken, "as it was given out"},
      {"token-bad-claims", Breaking("bad-claims"), 401, "authenticate",
       "claims of the right types, and \"exp\"", "they are not", 'O', kBadToken,
       "numbers of seconds"},
      {"token-wrong-audience", Breaking("wrong-audience"), 401, "authenticate",
       "a token for http://localhost, or for nobody in particular", "for somebody else", 'O',
       kBadToken, "send the access token"},
      {"token-revoked", MeetRevoked, 401, "authenticate", "a token that was not revoked",
       "the token reader of the client premium-app, for the user reader, which was", 'O', kBadToken,
       "POST /connect/revocation"},
      {"token-wrong-issuer", Asking(kExamplePath, "wrong-issuer-token"), 401, "authenticate",
       "a token of the issuer https://ims.bentley.com",
       "the token wrong-issuer of the client premium-app, for the user reader, of the issuer "
       "https://issuer.example",
       'D', kNoCredentials, "accepted issuer"},
      {"token-not-yet-valid", Asking(kExamplePath, "not-yet-valid-token"), 401, "authenticate",
       kValidAtNoon,
       "the token not-yet-valid of the client premium-app, for the user reader, valid from "
       "2999-01-01T00:00:00Z on",
       'O', kBadToken, "\"notBefore\""},
      {"token-expired", Asking(kExamplePath, "expired-token"), 401, "authenticate", kValidAtNoon,
       "the token expired of the client premium-app, for the user reader, expired since "
       "2001-01-01T00:00:00Z",
       'O', kBadToken, "\"expires\""},
      {"client-unknown", Asking(kExamplePath, "unknown-client-token"), 401, "authenticate",
       "a token of a registered client",
       "the token unknown-client of the client unregistered-app, for the user reader; the client "
       "is not registered",
       'O', "Make sure that client was registered", "\"registered\": false"},
      {"scope-missing", Asking(kExamplePath, "no-scope-token"), 401, "scope",
       "the scope itwin-platform, or, in the edition of the page, export:read", "none", 'D',
       kNoCredentials, "\"scopes\""},
      {"rate-limited", Asking(kExamplePath, "throttled-token"), 429, "rate-limit",
       "at most 0 calls of the client throttled-app in 60 s",
       "0 calls before this one; the next is admitted after 60 s", 'D', "too many requests",
       "as many seconds as retry-after says"},
      {"connection-unknown", Asking("/export/connections/a%20b", "reader-token"), 404, "look-up",
       "a connection with the id \"a b\"", "none", 'D', "connection was not found",
       "PUT /_emulator/connections/{connectionId}"},
      {"permission-missing", Asking("/export/connections/private-connection", "reader-token"), 403,
       "permission", "a user who may read \"private-connection\"", "the user reader, who may not",
       'D', "user does not have required permissions", "PUT /_emulator/users/{userId}"},
      {"user-missing", MeetNobody, 403, "permission", "a token that acts for a user",
       "the token bots of the client bot, for nobody", 'D',
       "user does not have required permissions", "The token acts for nobody"},
      {"fault-planned", MeetFault, 503, "fault", kNoPlan, "planned fault 1", 'U',
       "A planned fault of this World struck the call.", "GET /_emulator/faults"},
      {"prefer", Sending({{"Prefer", "code=404"}}), 404, "fault", kNoPlan, "Prefer: code=404", 'U',
       "The request asked for this answer itself", "--ignore-prefer"},
      {"prefer-undocumented", Sending({{"Prefer", "code=418"}}), 400, "fault", kNoPlan,
       "Prefer: code=418", 'U', kUndocumented, "a status that the operation's page documents"},
      {"route-unknown", Asking("/nothing"), 404, "route", kServed, "GET /nothing", 'U',
       kUndocumented, "GET / lists the paths"},
      {"path-malformed", Asking("/export/connections/%zz"), 400, "route", kServed,
       "GET /export/connections/%zz", 'U', kUndocumented, "as %25"},
      {"method-unknown", Calling("PUT", "/export/connections/a"), 405, "route", kServed,
       "PUT /export/connections/a", 'U', kUndocumented, "Allow header"},
      {"connection-invalid", Posting("/export/connections", R"({"iModelId": "x"})"), 422, "content",
       kContent, "the answer's details", 'D', "missing some of the required",
       "\"iModelId\", a GUID"},
      {"connection-id-invalid", Calling("DELETE", "/export/connections/a%20b", "writer-token"), 422,
       "content", kContent, "the answer's details", 'D', "Invalid request to delete",
       "as a connection has it"},
      {"run-invalid", Posting("/export/connections/service-connection/runs", "{}"), 422, "content",
       kContent, "the answer's details", 'U', kUndocumented, "\"exportType\""},
      {"query-invalid", Asking("/export/connections", "writer-token"), 422, "content", kContent,
       "the answer's details", 'U', kUndocumented, "wants imodelId"},
      {"redirect-url-invalid", Asking("/export/authorizationinformation", "writer-token"), 422,
       "content", kContent, "the answer's details", 'D', "must be a valid URL", "percent-encoded"},
      {"imodel-unknown", Asking("/export/connections?imodelId=x", "writer-token"), 404, "look-up",
       "an iModel that has connections", "none of that id", 'D', "connection was not found",
       "No connection of this World"},
      {"run-unknown", Asking("/export/connections/service-connection/runs/x", "writer-token"), 404,
       "look-up", "a connection with the id \"service-connection\", and its run",
       "without such a run", 'U', kUndocumented, "tells those it has"},
      {"user-not-authorized",
       [](TestEmulator& ask) {
         return Meet(ask,
                     Post(kExamplePath + "/runs", R"({"exportType": "IFC"})", "newcomer-token"));
       },
       403, "permission", "a user who has let the vendor act for it", "newcomer, who has not", 'D',
       "refresh token needs to be stored", "\"authorized\": false"},
      {"connection-in-use",
       Calling("DELETE", "/export/connections/running-connection", "writer-token"), 409, "conflict",
       "no run that stands in the way", "one that is not over", 'D', "already being processed",
       "clock/advance"},
      {"run-simultaneous",
       Posting("/export/connections/contested-connection/runs", R"({"exportType": "IFC"})"), 409,
       "conflict", "no other start of a run at the same time", "one", 'D',
       "only the first request is processed", "a 303 leads"},
      {"sandbox-name-invalid",
       [](TestEmulator& ask) {
         return Meet(ask, With(Get("/export/connections/a"), "X-Emulator-Sandbox", "a b"));
       },
       400, "route", kSandbox, "GET /export/connections/a, X-Emulator-Sandbox: a b", 'U',
       kUndocumented, "1 to 64"},
      {"sandboxes-contradict",
       [](TestEmulator& ask) {
         return Meet(ask, With(Get("/_sandbox/a/export"), "X-Emulator-Sandbox", "b"));
       },
       400, "route", kSandbox, "GET /_sandbox/a/export, X-Emulator-Sandbox: b", 'U', kUndocumented,
       "not by both"},
      {"sandboxes-exhausted", MeetFullHouse, 503, "route", kSandbox, "GET /_sandbox/last", 'U',
       kUndocumented, "--sandbox-limit"},
      {"request-malformed", Unread(http::server::RequestParseError::kMalformed), 400, "http", kHttp,
       "", 'U', kUndocumented, "RFC 9112"},
      {"request-timeout", Unread(http::server::RequestParseError::kRequestTimeout), 408, "http",
       kHttp, "did not arrive completely", 'U', kUndocumented, "within 10 seconds"},
      {"body-too-large", Unread(http::server::RequestParseError::kPayloadTooLarge), 413, "http",
       kHttp, "The body is larger", 'U', kUndocumented, "at most 1 MiB"},
      {"request-line-too-long", Unread(http::server::RequestParseError::kUriTooLong), 414, "http",
       kHttp, "The request line is longer", 'U', kUndocumented, "within 8 KiB"},
      {"body-compressed", Unread(http::server::RequestParseError::kUnsupportedMediaType), 415,
       "http", kHttp, "The body is compressed", 'U', kUndocumented, "without Content-Encoding"},
      {"headers-too-large", Unread(http::server::RequestParseError::kHeaderFieldsTooLarge), 431,
       "http", kHttp, "The header fields are more or larger", 'U', kUndocumented, "100 fields"},
      {"transfer-coding-unknown", Unread(http::server::RequestParseError::kTransferCodingUnknown),
       501, "http", kHttp, "no transfer coding but chunked", 'U', kUndocumented, "Content-Length"},
      {"http-version-unsupported", Unread(http::server::RequestParseError::kHttpVersionUnsupported),
       505, "http", kHttp, "HTTP/1.1 and HTTP/1.0", 'U', kUndocumented, "speak HTTP/1.1"},
      {"tls-missing", Unread(http::server::RequestParseError::kTlsMissing), 400, "http", kHttp,
       "ask it by https://", 'U', kUndocumented, "begin with https://"},
      {"tls-handshake-failed", Unread(http::server::RequestParseError::kTlsHandshakeFailed), 400,
       "http", kHttp, "did not come to terms", 'U', kUndocumented, "does not trust the CA"},
      {"connections-exhausted", Unread(http::server::RequestParseError::kTooManyConnections), 503,
       "http", kHttp, "as many connections as it may", 'U', kUndocumented, "share connections"},
      {"server-stopping", Unread(http::server::RequestParseError::kServerStopping), 503, "http",
       kHttp, "The emulator stopped", 'U', kUndocumented, "runs again"},
      {"emulator-failed", MeetFailure, 500, "failure", "an emulator that works",
       "a fault of its own", 'U', kUndocumented, "please report it"},
  };
  return kRows;
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The words of the notes on a request, parted by spaces.
std::string WarningCodes(TestEmulator& ask, const http::Request& request) {
  const Met met = Meet(ask, request);
  std::string words;
  for (const ContractWarning& note : FindContractWarnings(met.kept.entry))
    words.append(words.empty() ? "" : " ").append(note.code);
  return words;
}

}  // namespace

TEST_CASE("a refusal of every cause says where, why, by which source, and what to do") {
  std::set<std::string_view> met_words;
  for (const ReasonRow& row : ReasonRows()) {
    INFO(row.code);
    TestEmulator ask({}, {.max_sandboxes = 2});
    const Met met = row.ask(ask);
    const journal::JournalEntry& entry = met.kept.entry;
    CHECK(met.response.status == row.status);
    CHECK(HeaderOf(met.response, "X-Emulator-Reason") == row.code);
    CHECK(entry.status == row.status);
    CHECK(entry.reason == row.code);
    CHECK(entry.gate == row.gate);

    const Why why = Explain(entry);
    CHECK(why.summary ==
          std::to_string(row.status) + " at the gate " + row.gate + ": " + row.code + ".");
    REQUIRE(why.reason);
    CHECK(why.reason->code == row.code);
    CHECK_MESSAGE(Has(why.reason->hint, row.hint), why.reason->hint);
    const Step& last = why.steps.back();
    CHECK(Name(last.gate) == row.gate);
    CHECK(last.verdict == (row.gate == "fault" ? Step::Verdict::kFault : Step::Verdict::kRefused));
    CHECK(last.expected == row.expected);
    CHECK_MESSAGE(Has(last.found, row.found), last.found);
    CHECK_FALSE(last.found.empty());
    CHECK(last.citation.mark == row.mark);
    CHECK_MESSAGE(Has(last.citation.sentence, row.sentence), last.citation.sentence);
    for (const Step& step : why.steps)
      if (&step != &last) CHECK(step.verdict == Step::Verdict::kPassed);

    const std::string text = WriteWhy(entry);
    CHECK(Has(text, why.summary));
    CHECK(Has(text, "hint: " + std::string(why.reason->hint)));
    for (const char* secret : {"reader-token", "other-token", "a-secret", "cmVhZGVy"})
      CHECK_FALSE(Has(text, secret));
    met_words.insert(why.reason->code);
  }
  // Those of the identity service: identity_service_test.cc.
  for (const api::Reason* reason : AllReasons())
    if (reason->gate != api::Gate::kOAuth)
      CHECK_MESSAGE(met_words.contains(reason->code), "no request here meets " << reason->code);
}

TEST_CASE("a success passes all eight gates, and each says what was expected and found") {
  TestEmulator ask;
  const Met met = Meet(ask, kExamplePath, "reader-token");
  const Why why = Explain(met.kept.entry);
  struct Passed {
    const char* name;
    std::string expected, found;
  };
  const std::string quoted = "\"" + kExampleId + "\"";
  const Passed gates[] = {
      {"route", kServed, "GET " + kExamplePath + ", which is get-export-connection"},
      {"fault", kNoPlan, "none"},
      {"authenticate", std::string(kValidAtNoon) + ", of a registered client",
       "the token reader of the client premium-app, for the user reader"},
      {"scope", "the scope itwin-platform, or, in the edition of the page, export:read",
       "export:read"},
      {"rate-limit", "at most 5000 calls of the client premium-app in 60 s", "call 1"},
      {"look-up", "a connection with the id " + quoted, "it"},
      {"permission", "a user who may read " + quoted, "the user reader, who may"},
      {"render", "an answer", "200"},
  };
  REQUIRE(why.steps.size() == std::size(gates));
  for (size_t i = 0; i < why.steps.size(); ++i) {
    INFO(gates[i].name);
    CHECK(Name(why.steps[i].gate) == gates[i].name);
    CHECK(why.steps[i].verdict == Step::Verdict::kPassed);
    CHECK(why.steps[i].expected == gates[i].expected);
    CHECK(why.steps[i].found == gates[i].found);
    CHECK_FALSE(why.steps[i].citation.sentence.empty());
  }
  CHECK(why.reason == nullptr);
  CHECK(why.summary == "200 at the gate render.");
}

TEST_CASE("a client without a limit has none to keep to") {
  TestEmulator ask;
  REQUIRE(ask("PUT", "/_emulator/rate-limit/premium-app", "\"off\"").status == 200);
  const Met met = Meet(ask, kExamplePath, "reader-token");
  const Step step = Explain(met.kept.entry).steps[4];
  CHECK(step.expected == "no limit for this client");
  CHECK(step.found == "none");
}

TEST_CASE("a refusal tells what was found at the gates before it") {
  TestEmulator ask;
  const Met met = Meet(ask, "/export/connections/private-connection", "reader-token");
  const Why why = Explain(met.kept.entry);
  REQUIRE(why.steps.size() == 7);
  CHECK(why.steps[5].found == "it");
  CHECK(why.steps[4].found == "call 1");
}

TEST_CASE("an empty Authorization is told from one of another scheme") {
  TestEmulator ask;
  const Met met = Meet(ask, http::Headers{{"Authorization", ""}});
  CHECK(Explain(met.kept.entry).steps.back().found == "an empty header");
}

TEST_CASE("a fault that only delays struck, too, and the gates behind it decide") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"delayMs": 5}})").status == 201);
  const Met passed = Meet(ask, kExamplePath, "reader-token");
  const Why why = Explain(passed.kept.entry);
  REQUIRE(why.steps.size() == 8);
  CHECK(why.steps[1].verdict == Step::Verdict::kFault);
  CHECK(why.steps[1].found == "planned fault 1, which lets the gates decide");
  CHECK(why.steps.back().verdict == Step::Verdict::kPassed);

  const Met refused = Meet(ask, kExamplePath, "expired-token");
  const Why other = Explain(refused.kept.entry);
  REQUIRE(other.steps.size() == 3);
  CHECK(other.steps[1].verdict == Step::Verdict::kFault);
  CHECK(other.steps[2].verdict == Step::Verdict::kRefused);
  CHECK(other.reason == &api::reasons::kTokenExpired);
}

TEST_CASE("an answer that a fault delayed cited the fault as the source of its rendering") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"delayMs": 5}})").status == 201);
  const Met met = Meet(ask, kExamplePath, "reader-token");
  const Why why = Explain(met.kept.entry);
  CHECK(why.steps.back().citation.sentence == api::citations::kOperation.sentence);
  CHECK(why.steps[1].citation.sentence == api::reasons::kFaultPlanned.citation.sentence);
}

TEST_CASE("a connection that a fault broke has no answer") {
  TestEmulator ask;
  REQUIRE(
      ask("POST", "/_emulator/faults", R"({"then": {"connection": "EMPTY_RESPONSE"}})").status ==
      201);
  const Met met = Meet(ask, kExamplePath, "reader-token");
  CHECK(Explain(met.kept.entry).summary == "no answer at the gate fault: fault-planned.");
}

TEST_CASE("every note has a request that gets it and one that does not") {
  TestEmulator ask;
  const std::string media_type = "application/vnd.bentley.itwin-platform.v1+json";
  const auto get = [&](const std::string& target, const std::string& token) {
    return With(Get(target, token), "accept", media_type);
  };
  http::Request with_body = get(kExamplePath, "platform-token");
  with_body.body = "{}";
  const auto post = [&](const std::string& path, const std::string& body) {
    return With(Post("/export/connections" + path, body, "platform-token"), "accept", media_type);
  };
  const std::string runs = "/service-connection/runs";
  const std::string run = R"({"exportType": "IFC"})";
  struct ReasonRow {
    const char* code;
    http::Request gets;
    const char* sentence;
  };
  const ReasonRow rows[] = {
      {"accept-missing", Get(kExamplePath, "platform-token"),
       "The page requires the header Accept; there is none."},
      {"accept-other", With(Get(kExamplePath, "platform-token"), "Accept", "text/html"),
       "The page recommends Accept: application/vnd.bentley.itwin-platform.v1+json; it is "
       "text/html."},
      {"scope-older", get(kExamplePath, "reader-token"),
       "The token has the scope of the older page alone; newer ones ask for itwin-platform."},
      {"query-unknown", get(kExamplePath + "?a=b&%24top=1&&c", "platform-token"),
       "The page knows no query parameter \"a\", \"$top\", \"c\"."},
      {"query-missing", get("/export/connections", "platform-token"),
       "The page requires the query parameter \"imodelId\"."},
      {"query-invalid", get("/export/connections?imodelId=x&$top=0", "platform-token"),
       "The query parameter \"$top\" is 0; wanted: a whole number from 1 to 1000."},
      {"body-ignored", with_body, "The page knows no body; 2 bytes came."},
      {"body-missing", post(runs, ""), "The page wants a body; none came."},
      {"body-invalid", post(runs, "{"),
       "The body is not JSON: syntax error while parsing object key - "
       "unexpected end of input; expected string literal."},
      {"body-member-unknown", post(runs, R"({"exportType": "IFC", "projectId": "x"})"),
       "The body's /projectId: unknown member \"projectId\". Known here: exportType, ifcVersion, "
       "inputOptions, outputOptions."},
      {"content-type-other", With(post(runs, run), "Content-Type", "text/plain"),
       "The page supports Content-Type: application/json; it is text/plain."},
  };
  std::vector<std::string> words;
  for (const ReasonRow& row : rows) {
    INFO(row.code);
    CHECK(WarningCodes(ask, row.gets) == row.code);
    const journal::RecordedEntry kept = ask.worlds.Default()->journal->Read().back();
    const ContractWarning note = FindContractWarnings(kept.entry).front();
    CHECK(note.sentence == row.sentence);
    CHECK(note.citation.mark == 'D');
    CHECK(Has(WriteWhy(kept.entry), "warning: " + std::string(row.code) + ": " + row.sentence));
    words.emplace_back(row.code);
  }
  CHECK(words == ContractWarningCodes());
  CHECK(WarningCodes(ask, get(kExamplePath, "platform-token")) == "");
  CHECK(WarningCodes(ask, get(kExamplePath + "?", "platform-token")) == "");
  CHECK(WarningCodes(ask, With(get(kExamplePath, "platform-token"), "Accept", "*/*")) == "");
  CHECK(WarningCodes(
            ask, With(get(kExamplePath, "platform-token"), "Content-Type", "text/plain")) == "");
  CHECK(WarningCodes(
            ask, get("/export/connections?iModelId=x&%24top=5&$skip=0", "platform-token")) == "");
  CHECK(WarningCodes(
            ask, With(post(runs, run), "content-type", "Application/JSON ; charset=utf-8")) == "");
  CHECK(WarningCodes(ask, post(runs, "{}")) == "body-invalid");
  CHECK(WarningCodes(ask, post(runs, R"({"exportType": "DWG"})")) == "body-invalid");
  const std::string large = R"({"exportType": 1, "x": ")" + std::string(20000, 'x') + "\"}";
  CHECK(WarningCodes(ask, post(runs, large)) == "");
}

TEST_CASE("a request can have several notes; one of no operation has none") {
  TestEmulator ask;
  CHECK(WarningCodes(ask, Get(kExamplePath + "?a", "reader-token")) ==
        "accept-missing scope-older query-unknown");
  CHECK(WarningCodes(ask, Get("/nothing?a", "reader-token")) == "");
}

TEST_CASE("the text form is one line for each gate") {
  TestEmulator ask;
  const Met met = Meet(ask, "/export/connections/none", "reader-token");
  const std::string text = WriteWhy(met.kept.entry);
  CHECK(text.starts_with("#" + std::to_string(met.kept.entry.id) +
                         "  GET /export/connections/none\n"
                         "    404 at the gate look-up: connection-unknown.\n"
                         "  passed   route: expected a path and a method that are served; found "
                         "GET /export/connections/none, which is get-export-connection\n"));
  CHECK(Has(text,
            "  refused  look-up: expected a connection with the id \"none\"; found none\n"
            "           [D] the page Get Export Connection: \"This response indicates that the "
            "specified connection was not found.\"\n"
            "  hint: "));
}

TEST_CASE("control characters of an id or a header do not reach the text form") {
  TestEmulator ask;
  // A bell, an escape, a new line, a delete; and U+009B, which begins an order as ESC [ does.
  http::Request request = Get("/export/connections/%07%1B%5B31m%0A%7F%C2%9B%C3%A4", "reader-token");
  request.headers.Add("Accept", "\x1b[2J\xc2\x9b");
  const Met met = Meet(ask, request);
  const std::string text = WriteWhy(met.kept.entry);
  CHECK(Has(text, "\"??[31m????\xc3\xa4\""));
  CHECK(Has(text, "it is ?[2J??."));
  for (const char c : text) {
    CHECK((static_cast<unsigned char>(c) >= ' ' || c == '\n'));
    CHECK(c != '\x7f');
  }
  CHECK_FALSE(Has(text, "\xc2\x9b"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 12);
}
