#include "world/fixture_doubts.h"

#include "world.h"

using namespace emulator;

namespace {

using Sentences = std::vector<std::string>;

Sentences DoubtsOf(const FixtureSet& set) {
  return Doubts(set, Scopes());
}

// A token with these members, of a client that acts for a user, or with `client` in its place.
Sentences DoubtsOf(const std::string& members,
                   const std::string& client = R"({"id": "k", "tier": "trial", "user": "u"})") {
  return DoubtsOf(ReadFixture(R"({"users": [{"id": "u", "connections": []}],
    "clients": [)" + client + R"(],
    "tokens": [{"token": "hush", "client": "k", )" +
                              members + "}]}"));
}

const std::string kNobody =
    "test.json:3: /tokens/0: acts for nobody, so it may read no connection (always 403); give it a "
    "\"user\", or give one to its client.";

}  // namespace

TEST_CASE("the default world leaves no doubt") {
  CHECK(DoubtsOf(DefaultFixtures()).empty());
}

TEST_CASE("a scope that is nearly one that an operation asks for") {
  CHECK(DoubtsOf(R"("scopes": ["other", "export:raed"])") ==
        Sentences{"test.json:3: /tokens/0/scopes/1: no operation asks for the scope "
                  "\"export:raed\". Did you mean \"export:read\"?"});
  CHECK(DoubtsOf(R"("scopes": ["iTwin-Platform"])").size() == 1);
  for (const char* scope : {"export:read", "itwin-platform", "export:modify", "imodels:read", "x"})
    CHECK(DoubtsOf(R"("scopes": [")" + std::string(scope) + "\"]").empty());
}

TEST_CASE("a token that expires before it begins") {
  const auto between = [](const std::string& begin, const std::string& end) {
    return DoubtsOf(R"("scopes": [], "notBefore": ")" + begin + R"(", "expires": ")" + end + '"');
  };
  CHECK(between("2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z") ==
        Sentences{"test.json:3: /tokens/0/expires: is not later than notBefore, so the token is "
                  "never valid (always 401)."});
  CHECK(between("2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00").size() == 1);
  CHECK(between("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.001Z").empty());
}

TEST_CASE("a token that acts for nobody") {
  const std::string nobodys = R"({"id": "k", "tier": "trial"})";
  CHECK(DoubtsOf(R"("scopes": [])", nobodys) == Sentences{kNobody});
  CHECK(DoubtsOf(R"("scopes": [], "user": "u")", nobodys).empty());
  CHECK(
      DoubtsOf(R"("scopes": [])", R"({"id": "k", "tier": "trial", "registered": false})").empty());
}

TEST_CASE("at most twenty doubts are told, and none shows a token") {
  std::string scopes;
  for (int i = 0; i < 100; ++i) scopes += (i ? ", " : "") + std::string(R"("export:raed")");
  const Sentences doubts = DoubtsOf(R"("scopes": [)" + scopes + "]");
  CHECK(doubts.size() == 20);
  for (const std::string& doubt : doubts) CHECK(doubt.find("hush") == std::string::npos);
}
