#include "world/fixture_json.h"

#include <nlohmann/json.hpp>

#include "world.h"

using namespace emulator;

namespace {

// Rows only: where they came from is not what is compared.
void CheckSameRows(const FixtureSet& a, const FixtureSet& b) {
  const auto same = [](const auto& left, const auto& right) {
    return std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(),
                      [](const auto& x, const auto& y) { return x.row == y.row; });
  };
  CHECK(same(a.connections, b.connections));
  CHECK(same(a.users, b.users));
  CHECK(same(a.clients, b.clients));
  CHECK(same(a.tokens, b.tokens));
}

}  // namespace

TEST_CASE("absent members stay absent and links are never invented") {
  CHECK(JsonOf(Connection{.id = "a"}) == R"({"id":"a"})");
  CHECK(JsonOf(Connection{.id = "a", .display_name = "", .last_run_link = "x"}) ==
        R"({"id":"a","displayName":"","_links":{"lastRun":{"href":"x"}}})");
}

TEST_CASE("members stand in the order of the page's example") {
  CHECK(
      JsonOf(Connection{.id = "1",
                        .i_model_id = "2",
                        .i_twin_id = "3",
                        .display_name = "4",
                        .authentication_type = "Service",
                        .i_model_link = "5",
                        .i_twin_link = "6",
                        .project_link = "7",
                        .last_run_link = "8"}) ==
      R"({"id":"1","iModelId":"2","iTwinId":"3","displayName":"4","authenticationType":"Service",)"
      R"("_links":{"iModel":{"href":"5"},"iTwin":{"href":"6"},"project":{"href":"7"},"lastRun":{"href":"8"}}})");
}

TEST_CASE("a connection is written as a library would") {
  for (const char* name : {"", "plain", "\"quoted\"", "back\\slash", "a\nb\tc", "\x01\x7f",
                           "€ 漢字 😀", "</script>", "/", "\xe2\x80\xa8"}) {
    const Connection connection{.id = "i", .display_name = name, .i_model_link = name};
    CHECK(JsonOf(connection) == nlohmann::ordered_json{{"id", "i"},
                                                       {"displayName", name},
                                                       {"_links", {{"iModel", {{"href", name}}}}}}
                                    .dump());
  }
}

TEST_CASE("bytes that are no UTF-8 are replaced, not thrown about") {
  CHECK(JsonOf(Connection{.id = "i",
                          .display_name = "a\xff"
                                          "b"}) ==
        "{\"id\":\"i\",\"displayName\":\"a\xef\xbf\xbd"
        "b\"}");
  CHECK(JsonOf(User{.id = "\xc3", .connections = {"\x80"}}) ==
        "{\"id\":\"\xef\xbf\xbd\",\"connections\":[\"\xef\xbf\xbd\"]}");
}

TEST_CASE("what is absent, or as if absent, is left out") {
  CHECK(JsonOf(User{.id = "u", .connections = {}}) == R"({"id":"u","connections":[]})");
  CHECK(JsonOf(Client{.id = "c", .tier = "trial"}) == R"({"id":"c","tier":"trial"})");
  CHECK(JsonOf(Token{.token = "t", .client = "c"}) == R"({"token":"t","client":"c","scopes":[]})");
}

TEST_CASE("all members of users, clients and tokens are written") {
  CHECK(
      JsonOf(Client{.id = "c",
                    .secret = "s",
                    .tier = "custom",
                    .user = "u",
                    .registered = false,
                    .rate_limits = {{0, std::chrono::seconds(60)}, {5, std::chrono::seconds(1)}},
                    .redirect_uris = {"http://r"}}) ==
      R"({"id":"c","secret":"s","tier":"custom","user":"u","registered":false,)"
      R"("rateLimits":[{"limit":0,"seconds":60},{"limit":5,"seconds":1}],"redirectUris":["http://r"]})");
  CHECK(JsonOf(Token{.token = "t",
                     .name = "n",
                     .user = "u",
                     .client = "c",
                     .scopes = {"x", "y"},
                     .issuer = "i",
                     .not_before = "2030-01-01T00:00:00Z",
                     .expires = "2031-01-01T00:00:00.5+02:00"}) ==
        R"({"token":"t","name":"n","user":"u","client":"c","scopes":["x","y"],"issuer":"i",)"
        R"("notBefore":"2030-01-01T00:00:00Z","expires":"2031-01-01T00:00:00.5+02:00"})");
}

TEST_CASE("a file is written with two spaces, one section after the other") {
  CHECK(WriteFixtures({}) ==
        "{\n  \"connections\": [],\n  \"users\": [],\n  \"clients\": [],\n  \"tokens\": [],\n  "
        "\"runs\": [],\n"
        "  \"runPlans\": []\n}\n");
  CHECK(WriteFixtures(ReadFixture(
            R"({"connections": [{"id": "a", "_links": {"iTwin": {"href": "x"}}}, {"id": "b"}],
                "users": [{"connections": ["*"], "id": "u"}]})")) == R"({
  "connections": [
    {
      "id": "a",
      "_links": {
        "iTwin": {
          "href": "x"
        }
      }
    },
    {
      "id": "b"
    }
  ],
  "users": [
    {
      "id": "u",
      "connections": [
        "*"
      ]
    }
  ],
  "clients": [],
  "tokens": [],
  "runs": [],
  "runPlans": []
}
)");
}

TEST_CASE("a file that was written reads as the same rows") {
  const FixtureSet world = DefaultFixtures();
  const std::string text = WriteFixtures(world);
  CheckSameRows(ReadFixture(text), world);
  CHECK(WriteFixtures(ReadFixture(text)) == text);

  const FixtureSet nasty = ReadFixture(R"({
    "connections": [{"id": "\"\\/ \u20ac \ud83d\ude00"}, {"id": "b", "displayName": "\u0000\n\r\t\u007f"},
                    {"id": "{    ", "displayName": "{\n    ", "_links": {"project": {"href": ""}, "lastRun": {"href": "\u2028"}}}],
    "users": [{"id": "'; drop table users; --", "connections": ["b", "*", "\"\\/ \u20ac \ud83d\ude00"]}],
    "clients": [{"id": " ", "tier": "basic", "secret": "\"", "registered": true,
                 "rateLimits": [{"limit": 1000000000, "seconds": 31536000}], "redirectUris": ["\\n", "%"]}],
    "tokens": [{"token": "~+/==", "client": " ", "scopes": ["!", "#[]~"], "expires": "2030-01-01t00:00:00.123456+02:00"}]})");
  CheckSameRows(ReadFixture(WriteFixtures(nasty)), nasty);
}
