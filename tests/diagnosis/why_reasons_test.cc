// For every reason, a request that is refused for it, and its explanation. The reasons of the
// identity service are in oauth/identity_service_test.cc.
#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <set>

#include "diagnosis/reason_table.h"
#include "diagnosis/recorded_answer.h"
#include "diagnosis/why.h"
#include "support/temporary_folder.h"

using namespace emulator;
using namespace emulator::diagnosis;
using api::Gate;

namespace {

using Asker = std::function<RecordedAnswer(TestEmulator&)>;

Asker Getting(const std::string& target, const std::string& token = "") {
  return [=](TestEmulator& ask) { return Record(ask, target, token); };
}
Asker Calling(const char* method, const std::string& target, const std::string& token = "") {
  return [=](TestEmulator& ask) {
    http::Request request = Get(target, token);
    request.method = method;
    return Record(ask, request);
  };
}
Asker Posting(const std::string& target, const std::string& body) {
  return [=](TestEmulator& ask) { return Record(ask, Post(target, body)); };
}
Asker Sending(const http::Headers& headers) {
  return [=](TestEmulator& ask) {
    return Record(ask, http::Request{.method = "GET", .target = kExamplePath, .headers = headers});
  };
}
Asker Unparsed(http::server::RequestParseError error) {
  return [=](TestEmulator& ask) {
    http::Response response = ask.emulator.RefuseUnread(error);
    return RecordedAnswer{std::move(response), LastEntry(ask)};
  };
}
Asker WithDefect(const std::string& defect) {
  return [defect](TestEmulator& ask) {
    const auto issued =
        BodyOf(ask("POST", "/_emulator/tokens", R"({"defect": ")" + defect + "\"}"));
    return Record(ask, kExamplePath, issued["token"]);
  };
}

RecordedAnswer AskWithoutUser(TestEmulator& ask) {
  REQUIRE(ask("PUT", "/_emulator/clients/bot", R"({"tier": "trial"})").status == 201);
  REQUIRE(ask("PUT", "/_emulator/tokens/bots",
              R"({"token": "bot-token", "client": "bot", "scopes": ["export:read"]})")
              .status == 201);
  return Record(ask, kExamplePath, "bot-token");
}

RecordedAnswer AskWithFault(TestEmulator& ask) {
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"status": 503}})").status == 201);
  return Record(ask, kExamplePath, "reader-token");
}

RecordedAnswer AskWithRevokedToken(TestEmulator& ask) {
  ask.worlds.Default()->grants.RevokeAccessToken("reader-token");
  return Record(ask, kExamplePath, "reader-token");
}

RecordedAnswer AskForSandboxTooMany(TestEmulator& ask) {
  for (size_t i = 0; i < ask.worlds.settings().max_sandboxes; ++i)
    REQUIRE(ask("/_sandbox/s" + std::to_string(i) + "/_emulator/clock").status == 200);
  return Record(ask, "/_sandbox/last" + kExamplePath, "reader-token");
}

// Fixtures that cannot be read are an internal error.
RecordedAnswer AskWithBrokenStore(TestEmulator& ask) {
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

// A request that is refused, and the step of its explanation that says why.
struct RefusalRow {
  std::string code;
  Asker ask;
  int status;
  Gate gate;
  std::string expected;
  std::string found;  // a part of it; empty: the message of the error
  char mark;          // the evidence of the source
};

const char* const kHttp = "a complete HTTP request within the limits, and a free connection";
const char* const kServed = "a path and a method that the emulator serves";
const char* const kSandbox = "one valid sandbox name, and room for that sandbox";
const char* const kNoPlan = "no planned fault for this call, and no Prefer: code=";
const char* const kContent = "an id, a query and a body that are valid for the operation";
const char* const kValidAtNoon = "a token that is valid at 2026-11-24T12:00:00.000Z";

const std::vector<RefusalRow>& RefusalRows() {
  static const std::vector<RefusalRow> kRows{
      {"authorization-missing", Getting(kExamplePath), 401, Gate::kAuthenticate,
       "the header Authorization", "none", 'D'},
      {"authorization-repeated",
       Sending({{"Authorization", "Bearer reader-token"}, {"authorization", "Bearer other-token"}}),
       401, Gate::kAuthenticate, "one header Authorization", "2", 'D'},
      {"authorization-not-bearer", Sending({{"Authorization", "Basic cmVhZGVyOnNlY3JldA=="}}), 401,
       Gate::kAuthenticate, "Authorization: Bearer, and one token", "Basic #", 'D'},
      {"token-unknown", Getting(kExamplePath, "a-secret"), 401, Gate::kAuthenticate,
       "a token of this world's fixtures", "an unknown token with the hash #b4d8752439", 'O'},
      {"token-malformed", WithDefect("truncated"), 401, Gate::kAuthenticate, "a well-formed JWT",
       "looks like a JWT, but is malformed", 'O'},
      {"token-algorithm", WithDefect("alg-none"), 401, Gate::kAuthenticate,
       "a JWT that is signed with RS256", "names another algorithm", 'O'},
      {"token-unknown-key", WithDefect("unknown-key"), 401, Gate::kAuthenticate,
       "a JWT that is signed with the emulator's key", "names another key", 'O'},
      {"token-bad-signature", WithDefect("bad-signature"), 401, Gate::kAuthenticate,
       "a signature by the emulator's key", "its signature is another", 'O'},
      {"token-bad-claims", WithDefect("bad-claims"), 401, Gate::kAuthenticate,
       "claims of the right types, and \"exp\"", "a claim is missing or of a wrong type", 'O'},
      {"token-wrong-audience", WithDefect("wrong-audience"), 401, Gate::kAuthenticate,
       "a token for the audience http://localhost, or for none", "for another audience", 'O'},
      {"token-revoked", AskWithRevokedToken, 401, Gate::kAuthenticate,
       "a token that is not revoked",
       "the token reader of the client premium-app, for the user reader, which is revoked", 'O'},
      {"token-wrong-issuer", Getting(kExamplePath, "wrong-issuer-token"), 401, Gate::kAuthenticate,
       "a token of the issuer https://ims.bentley.com",
       "the token wrong-issuer of the client premium-app, for the user reader, of the issuer "
       "https://issuer.example",
       'D'},
      {"token-not-yet-valid", Getting(kExamplePath, "not-yet-valid-token"), 401,
       Gate::kAuthenticate, kValidAtNoon,
       "the token not-yet-valid of the client premium-app, for the user reader, valid from "
       "2999-01-01T00:00:00Z",
       'O'},
      {"token-expired", Getting(kExamplePath, "expired-token"), 401, Gate::kAuthenticate,
       kValidAtNoon,
       "the token expired of the client premium-app, for the user reader, which expired at "
       "2001-01-01T00:00:00Z",
       'O'},
      {"client-unknown", Getting(kExamplePath, "unknown-client-token"), 401, Gate::kAuthenticate,
       "a token of a registered client",
       "the token unknown-client of the client unregistered-app, for the user reader; the client "
       "is not registered",
       'O'},
      {"scope-missing", Getting(kExamplePath, "no-scope-token"), 401, Gate::kScope,
       "the scope itwin-platform, or in the edition page export:read", "none", 'D'},
      {"rate-limited", Getting(kExamplePath, "throttled-token"), 429, Gate::kRateLimit,
       "at most 0 calls of the client throttled-app in 60 s",
       "0 calls before this one; the next call is admitted after 60 s", 'D'},
      {"connection-unknown", Getting("/export/connections/a%20b", "reader-token"), 404,
       Gate::kLookUp, "a connection with the id \"a b\"", "none", 'D'},
      {"permission-missing", Getting("/export/connections/private-connection", "reader-token"), 403,
       Gate::kPermission, "a user who may read \"private-connection\"",
       "the user reader, who may not", 'D'},
      {"user-missing", AskWithoutUser, 403, Gate::kPermission, "a token that acts for a user",
       "the token bots of the client bot, without a user", 'D'},
      {"fault-planned", AskWithFault, 503, Gate::kFault, kNoPlan, "planned fault 1", 'U'},
      {"prefer", Sending({{"Prefer", "code=404"}}), 404, Gate::kFault, kNoPlan, "Prefer: code=404",
       'U'},
      {"prefer-undocumented", Sending({{"Prefer", "code=418"}}), 400, Gate::kFault, kNoPlan,
       "Prefer: code=418", 'U'},
      {"route-unknown", Getting("/nothing"), 404, Gate::kRoute, kServed, "GET /nothing", 'U'},
      {"path-malformed", Getting("/export/connections/%zz"), 400, Gate::kRoute, kServed,
       "GET /export/connections/%zz", 'U'},
      {"method-unknown", Calling("PUT", "/export/connections/a"), 405, Gate::kRoute, kServed,
       "PUT /export/connections/a", 'U'},
      {"connection-invalid", Posting("/export/connections", R"({"iModelId": "x"})"), 422,
       Gate::kContent, kContent, "the answer's details", 'D'},
      {"connection-id-invalid", Calling("DELETE", "/export/connections/a%20b", "writer-token"), 422,
       Gate::kContent, kContent, "the answer's details", 'D'},
      {"run-invalid", Posting("/export/connections/service-connection/runs", "{}"), 422,
       Gate::kContent, kContent, "the answer's details", 'U'},
      {"query-invalid", Getting("/export/connections", "writer-token"), 422, Gate::kContent,
       kContent, "the answer's details", 'U'},
      {"redirect-url-invalid", Getting("/export/authorizationinformation", "writer-token"), 422,
       Gate::kContent, kContent, "the answer's details", 'D'},
      {"imodel-unknown", Getting("/export/connections?imodelId=x", "writer-token"), 404,
       Gate::kLookUp, "an iModel that has connections", "none with that id", 'D'},
      {"run-unknown", Getting("/export/connections/service-connection/runs/x", "writer-token"), 404,
       Gate::kLookUp, "a connection with the id \"service-connection\", and its run",
       "the connection, but not the run", 'U'},
      {"user-not-authorized",
       [](TestEmulator& ask) {
         return Record(ask,
                       Post(kExamplePath + "/runs", R"({"exportType": "IFC"})", "newcomer-token"));
       },
       403, Gate::kPermission, "a user who has authorized the vendor", "newcomer, who has not",
       'D'},
      {"connection-in-use",
       Calling("DELETE", "/export/connections/running-connection", "writer-token"), 409,
       Gate::kConflict, "no run in progress", "a run in progress", 'D'},
      {"run-simultaneous",
       Posting("/export/connections/contested-connection/runs", R"({"exportType": "IFC"})"), 409,
       Gate::kConflict, "no other start of a run at the same time", "another start", 'D'},
      {"sandbox-name-invalid",
       [](TestEmulator& ask) {
         return Record(ask, WithHeader(Get("/export/connections/a"), "X-Emulator-Sandbox", "a b"));
       },
       400, Gate::kRoute, kSandbox, "GET /export/connections/a, X-Emulator-Sandbox: a b", 'U'},
      {"sandboxes-contradict",
       [](TestEmulator& ask) {
         return Record(ask, WithHeader(Get("/_sandbox/a/export"), "X-Emulator-Sandbox", "b"));
       },
       400, Gate::kRoute, kSandbox, "GET /_sandbox/a/export, X-Emulator-Sandbox: b", 'U'},
      {"sandboxes-exhausted", AskForSandboxTooMany, 503, Gate::kRoute, kSandbox,
       "GET /_sandbox/last", 'U'},
      {"request-malformed", Unparsed(http::server::RequestParseError::kMalformed), 400, Gate::kHttp,
       kHttp, "", 'U'},
      {"request-timeout", Unparsed(http::server::RequestParseError::kRequestTimeout), 408,
       Gate::kHttp, kHttp, "", 'U'},
      {"body-too-large", Unparsed(http::server::RequestParseError::kPayloadTooLarge), 413,
       Gate::kHttp, kHttp, "", 'U'},
      {"request-line-too-long", Unparsed(http::server::RequestParseError::kUriTooLong), 414,
       Gate::kHttp, kHttp, "", 'U'},
      {"body-compressed", Unparsed(http::server::RequestParseError::kUnsupportedMediaType), 415,
       Gate::kHttp, kHttp, "", 'U'},
      {"headers-too-large", Unparsed(http::server::RequestParseError::kHeaderFieldsTooLarge), 431,
       Gate::kHttp, kHttp, "", 'U'},
      {"transfer-coding-unknown", Unparsed(http::server::RequestParseError::kTransferCodingUnknown),
       501, Gate::kHttp, kHttp, "", 'U'},
      {"http-version-unsupported",
       Unparsed(http::server::RequestParseError::kHttpVersionUnsupported), 505, Gate::kHttp, kHttp,
       "", 'U'},
      {"tls-missing", Unparsed(http::server::RequestParseError::kTlsMissing), 400, Gate::kHttp,
       kHttp, "", 'U'},
      {"tls-handshake-failed", Unparsed(http::server::RequestParseError::kTlsHandshakeFailed), 400,
       Gate::kHttp, kHttp, "", 'U'},
      {"connections-exhausted", Unparsed(http::server::RequestParseError::kTooManyConnections), 503,
       Gate::kHttp, kHttp, "", 'U'},
      {"server-stopping", Unparsed(http::server::RequestParseError::kServerStopping), 503,
       Gate::kHttp, kHttp, "", 'U'},
      {"emulator-failed", AskWithBrokenStore, 500, Gate::kFailure, "no failure of the emulator",
       "an internal error", 'U'},
  };
  return kRows;
}

}  // namespace

TEST_CASE("the explanation of every reason names gate, finding, source and hint") {
  std::set<std::string_view> explained;
  for (const RefusalRow& row : RefusalRows()) {
    INFO(row.code);
    TestEmulator ask({}, {.max_sandboxes = 2});
    const RecordedAnswer answer = row.ask(ask);
    const journal::JournalEntry& entry = answer.recorded.entry;
    CHECK(answer.response.status == row.status);
    CHECK(HeaderOf(answer.response, "X-Emulator-Reason") == row.code);
    CHECK(entry.status == row.status);
    CHECK(entry.reason == row.code);
    CHECK(entry.gate == Name(row.gate));

    const Why why = Explain(entry);
    CHECK(why.summary == std::to_string(row.status) + " at the gate " +
                             std::string(Name(row.gate)) + ": " + row.code + ".");
    REQUIRE(why.reason);
    CHECK(why.reason->code == row.code);
    const Step& last = why.steps.back();
    CHECK(last.gate == row.gate);
    CHECK(last.verdict ==
          (row.gate == Gate::kFault ? Step::Verdict::kFault : Step::Verdict::kRefused));
    CHECK(last.expected == row.expected);
    CHECK_FALSE(last.found.empty());
    const std::string_view found = row.found.empty() ? why.reason->error->message : row.found;
    CHECK_MESSAGE(Contains(last.found, found), last.found);
    CHECK(last.citation.mark == row.mark);
    CHECK(last.citation.sentence == why.reason->citation.sentence);
    for (const Step& step : why.steps)
      if (&step != &last) CHECK(step.verdict == Step::Verdict::kPassed);

    const std::string text = WriteWhy(entry);
    CHECK(Contains(text, why.summary));
    CHECK(Contains(text, "hint: " + std::string(why.reason->hint)));
    for (const char* secret : {"reader-token", "other-token", "a-secret", "cmVhZGVy"})
      CHECK_FALSE(Contains(text, secret));
    explained.insert(why.reason->code);
  }
  for (const api::Reason* reason : AllReasons())
    if (reason->gate != Gate::kIdentity)
      CHECK_MESSAGE(explained.contains(reason->code), "no request here has " << reason->code);
}
