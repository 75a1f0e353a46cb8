#include "tokens/access_token.h"

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/digest.h"
#include "diagnosis/reason_table.h"
#include "support/test_emulator.h"
#include "tokens/claims.h"
#include "tokens/token_maker.h"

using namespace emulator;
using namespace emulator::tokens;
using namespace std::chrono_literals;

namespace {

const std::string kHere = "http://emulator.test";

Claims GoodClaims() {
  return {.issuer = kHere,
          .subject = "reader",
          .client_id = "premium-app",
          .scopes = std::vector<std::string>{"export:read"},
          .issued_at = kNoon,
          .not_before = kNoon,
          .expires = kNoon + 3600s,
          .id = "1"};
}

std::string Signed(const Claims& claims) {
  return TestKey()->Sign(WriteClaims(claims));
}
std::string Good() {
  return Signed(GoodClaims());
}

// Good claims but for what `change` does to their JSON.
template <typename Change>
std::string SignedBut(Change change) {
  auto claims = nlohmann::json::parse(WriteClaims(GoodClaims()));
  change(claims);
  return TestKey()->Sign(claims.dump());
}

std::string TokenHeader() {
  return Good().substr(0, Good().find('.'));
}
std::string Payload() {
  const std::string token = Good();
  return token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
}
std::string Signature() {
  return Good().substr(Good().rfind('.') + 1);
}
std::string WithHeader(const std::string& header) {
  return Base64UrlEncode(header) + "." + Payload() + "." + Signature();
}
std::string HeaderOfKey(const std::string& algorithm, const std::string& more = "") {
  return R"({"alg":")" + algorithm + R"(","kid":")" + TestKey()->id() + "\"" + more + "}";
}

std::string Ordered(TokenCorruption corruption, const world::World& world) {
  static const Issuer issuer{{}, TestKey()};
  return MakeAccessToken({issuer, world, kHere, kNoon}, {.client = "premium-app",
                                                         .user = "reader",
                                                         .scopes = {"export:read"},
                                                         .corruption = corruption});
}

http::Request With(const std::string& token) {
  http::Request request = Get(kExamplePath, token);
  request.headers.Add("Host", "emulator.test");
  return request;
}

struct BadToken {
  const char* what;
  std::string token;
  const char* reason;
};

std::vector<BadToken> BadTokens(const world::World& world) {
  using json = nlohmann::json;
  const Claims good = GoodClaims();
  const auto but = [&](auto change) {
    Claims claims = good;
    change(claims);
    return Signed(claims);
  };
  const auto ordered = [&](TokenCorruption corruption) { return Ordered(corruption, world); };
  const std::string token = Good();
  return {
      // Not to be read.
      {"no fixture, and no JWT", "no-such-token", "token-unknown"},
      {"cut off behind its second part", ordered(TokenCorruption::kTruncated), "token-malformed"},
      {"cut off within its first part", token.substr(0, 20), "token-malformed"},
      {"without its last dot and letter", token.substr(0, token.rfind('.') - 1), "token-malformed"},
      {"with a part more", token + ".e30", "token-malformed"},
      {"with padding", token + "=", "token-malformed"},
      {"in the other alphabet of base64", TokenHeader() + "." + Payload() + ".+//+",
       "token-malformed"},
      {"three parts, none of base64", "a!.b!.c!", "token-malformed"},
      {"three empty parts", "..", "token-malformed"},
      {"a header that is no object", WithHeader("[]"), "token-malformed"},
      {"a header that is cut off", WithHeader(R"({"alg":"RS256")"), "token-malformed"},
      {"a header that asks for more", WithHeader(HeaderOfKey("RS256", R"(,"crit":["b64"])")),
       "token-malformed"},

      // Of another algorithm.
      {"alg none", ordered(TokenCorruption::kAlgorithmNone), "token-algorithm"},
      {"alg none, and the signature kept", WithHeader(HeaderOfKey("none")), "token-algorithm"},
      {"alg NONE", WithHeader(HeaderOfKey("NONE")), "token-algorithm"},
      {"HS256 with the public key", ordered(TokenCorruption::kAlgorithmHs256), "token-algorithm"},
      {"RS512", WithHeader(HeaderOfKey("RS512")), "token-algorithm"},
      {"ES256", WithHeader(HeaderOfKey("ES256")), "token-algorithm"},
      {"no algorithm", WithHeader(R"({"kid":"x"})"), "token-algorithm"},

      // Of another key.
      {"an unknown key", ordered(TokenCorruption::kUnknownKey), "token-unknown-key"},
      {"no key named", WithHeader(R"({"alg":"RS256"})"), "token-unknown-key"},
      {"a key of its own in the header",
       WithHeader(R"({"alg":"RS256","jwk":)" + TestKey()->public_jwk() + "}"), "token-unknown-key"},
      {"another key under the name of ours",
       crypto::SigningKey().SignAs(TestKey()->id(), WriteClaims(good)), "token-bad-signature"},

      // Changed.
      {"another signature", ordered(TokenCorruption::kBadSignature), "token-bad-signature"},
      {"no signature", TokenHeader() + "." + Payload() + ".", "token-bad-signature"},
      {"the claims of another token",
       TokenHeader() + "." + Base64UrlEncode(R"({"exp":9999999999})") + "." + Signature(),
       "token-bad-signature"},

      // With claims that are none.
      {"exp a text", ordered(TokenCorruption::kBadClaims), "token-bad-claims"},
      {"no exp", SignedBut([](json& claims) { claims.erase("exp"); }), "token-bad-claims"},
      {"a scope that is a number", SignedBut([](json& claims) { claims["scope"] = 7; }),
       "token-bad-claims"},
      {"claims that are no object", TestKey()->Sign("[]"), "token-bad-claims"},
      {"claims that are no JSON", TestKey()->Sign("{"), "token-bad-claims"},
      {"exp twice", TestKey()->Sign(R"({"exp":1,"exp":9999999999})"), "token-bad-claims"},

      // Of another issuer.
      {"somebody else's", ordered(TokenCorruption::kWrongIssuer), "token-wrong-issuer"},
      {"without issuer", but([](Claims& c) { c.issuer.clear(); }), "token-wrong-issuer"},
      {"of a sandbox", but([](Claims& c) { c.issuer += "/_sandbox/a"; }), "token-wrong-issuer"},
      {"with a slash too many", but([](Claims& c) { c.issuer += "/"; }), "token-wrong-issuer"},
      {"of another port", but([](Claims& c) { c.issuer += ":81"; }), "token-wrong-issuer"},

      // For another audience.
      {"for somebody else", ordered(TokenCorruption::kWrongAudience), "token-wrong-audience"},
      {"an ID token", but([](Claims& c) { c.audience = {"premium-app"}; }), "token-wrong-audience"},

      // Out of its time.
      {"expired", ordered(TokenCorruption::kExpired), "token-expired"},
      {"expired this moment", but([](Claims& c) { c.expires = kNoon; }), "token-expired"},
      {"not yet valid", ordered(TokenCorruption::kNotYetValid), "token-not-yet-valid"},
      {"valid in a second", but([](Claims& c) { c.not_before = kNoon + 1s; }),
       "token-not-yet-valid"},

      // Taken back, or of no client.
      {"revoked", but([](Claims& c) { c.id = "revoked"; }), "token-revoked"},
      {"of an unknown client", ordered(TokenCorruption::kUnknownClient), "client-unknown"},
      {"of a client that is not registered",
       but([](Claims& c) { c.client_id = "unregistered-app"; }), "client-unknown"},
      {"of no client", but([](Claims& c) { c.client_id.clear(); }), "client-unknown"},

      // Without a scope.
      {"no scope", ordered(TokenCorruption::kNoScope), "scope-missing"},
      {"an empty scope", but([](Claims& c) { c.scopes = std::vector<std::string>{}; }),
       "scope-missing"},
      {"another scope", but([](Claims& c) { c.scopes = std::vector<std::string>{"export"}; }),
       "scope-missing"},
      {"scopes in one text of an array",
       but([](Claims& c) { c.scopes = std::vector<std::string>{"export:read other"}; }),
       "scope-missing"},
  };
}

}  // namespace

TEST_CASE("each bad token is refused for its own reason, with the documented body") {
  TestEmulator ask;
  world::World& world = *ask.worlds.Default();
  const auto tokens = BadTokens(world);
  CHECK(tokens.size() >= 40);
  for (const BadToken& bad : tokens) {
    INFO(bad.what << ": " << bad.token);
    if (std::string_view(bad.reason) == "token-revoked") world.grants.RevokeAccessToken(bad.token);
    const http::Response response = ask(With(bad.token));
    CHECK(response.status == 401);
    CHECK(HeaderOf(response, "X-Emulator-Reason") == bad.reason);
    CHECK(response.body == api::Refuse(std::string_view(bad.reason) == "client-unknown"
                                           ? api::errors::kUnknownClient
                                           : api::errors::kUnauthorized)
                               .body);
    CHECK_FALSE(diagnosis::FindReason(bad.reason)->hint.empty());
    // No part of it is told anywhere.
    const journal::JournalEntry entry = world.journal->Read().back().entry;
    CHECK(entry.token == ShortHash(bad.token));
    const http::Response journal = ask("/_emulator/requests?limit=1");
    CHECK(journal.body.find(bad.token) == std::string::npos);
  }
  CHECK(ask.failures.empty());
}

TEST_CASE("a valid JWT reads the connection, as a token fixture does") {
  TestEmulator ask;
  const http::Response response = ask(With(Good()));
  CHECK(response.body == Golden("get-export-connection", 200));
  const auto kept = ask.worlds.Default()->journal->Read().back();
  CHECK(kept.entry.client == "premium-app");
  CHECK(kept.entry.user == "reader");
  CHECK(kept.entry.token == ShortHash(Good()));
  CHECK(kept.entry.scopes == "export:read");
  CHECK(kept.entry.issuer == kHere);
  CHECK(kept.entry.expires == kNoon + 3600s);
}

TEST_CASE("scope may be an array or words, and itwin-platform is sufficient") {
  TestEmulator ask;
  for (const nlohmann::json& scope :
       {nlohmann::json("export:read"), nlohmann::json("openid itwin-platform"),
        nlohmann::json::array({"openid", "itwin-platform"})}) {
    const auto token = SignedBut([&](nlohmann::json& claims) { claims["scope"] = scope; });
    CHECK_MESSAGE(ask(With(token)).status == 200, scope.dump());
  }
}

TEST_CASE("an audience may be the issuer, alone or among others") {
  TestEmulator ask;
  for (const std::vector<std::string>& audience :
       {std::vector<std::string>{kHere}, std::vector<std::string>{"other", kHere}}) {
    Claims claims = GoodClaims();
    claims.audience = audience;
    CHECK(ask(With(Signed(claims))).status == 200);
  }
}

TEST_CASE("a JWT's user is its subject, unless that is its client") {
  TestEmulator ask;
  Claims claims = GoodClaims();
  claims.subject = "stranger";
  CHECK(HeaderOf(ask(With(Signed(claims))), "X-Emulator-Reason") == "permission-missing");
  claims.subject = "premium-app";
  CHECK(HeaderOf(ask(With(Signed(claims))), "X-Emulator-Reason") == "user-missing");
}

TEST_CASE("a JWT is metered by its client, as other tokens are") {
  TestEmulator ask;
  Claims claims = GoodClaims();
  claims.client_id = "throttled-app";
  const http::Response response = ask(With(Signed(claims)));
  CHECK(response.status == 429);
  CHECK(HeaderOf(response, "ITwinPlatform-RateLimited-Application") == "throttled-app");
}

TEST_CASE("the fixture of a JWT wins over its claims") {
  const std::string token = Signed({.issuer = "https://elsewhere", .expires = kNoon - 1s});
  TestEmulator ask({}, {},
                   ReadFixture(R"({"connections": [{"id": ")" + kExampleId +
                               R"("}], "users": [{"id": "u", "connections": ["*"]}],
                  "clients": [{"id": "c", "tier": "trial"}],
                  "tokens": [{"token": ")" +
                               token + R"(", "name": "pasted", "user": "u", "client": "c",
                  "scopes": ["export:read"]}]})"));
  CHECK(ask(With(token)).status == 200);
  CHECK(ask.worlds.Default()->journal->Read().back().entry.token == "pasted");
}

TEST_CASE("tokens expire by the world's clock") {
  TestEmulator ask;
  CHECK(ask(With(Good())).status == 200);
  ask.worlds.Default()->clock.Freeze(kNoon + 3600s);
  CHECK(HeaderOf(ask(With(Good())), "X-Emulator-Reason") == "token-expired");
}
