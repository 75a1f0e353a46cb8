#include "world/fixture_file.h"

#include "world.h"

using namespace emulator;

namespace {

std::string RefusalOf(const std::string& text) {
  try {
    ReadFixture(text);
  } catch (const FixtureError& error) {
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("every member of every section is read") {
  const FixtureSet set = ReadFixture(R"({
    "$schema": "x",
    "connections": [{"id": "c1", "iModelId": "m", "iTwinId": "t", "displayName": "n", "authenticationType": "Service",
      "_links": {"iModel": {"href": "1"}, "iTwin": {"href": "2"}, "project": {"href": "3"}, "lastRun": {"href": "4"}}}],
    "users": [{"id": "u1", "connections": ["c1"]}, {"id": "u2", "connections": ["*"]}],
    "clients": [{"id": "a1", "secret": "s", "tier": "custom", "user": "u1", "registered": false,
      "rateLimits": [{"limit": 1, "seconds": 2}, {"limit": 3, "seconds": 4}], "redirectUris": ["http://r"]}],
    "tokens": [{"token": "t1", "name": "n1", "user": "u1", "client": "a1", "scopes": ["x", "y"],
      "issuer": "i", "notBefore": "2030-01-01T00:00:00Z", "expires": "2031-01-01T00:00:00Z"}]})");

  const Connection& connection = set.connections.items.at(0).row;
  CHECK(connection.id == "c1");
  CHECK(connection.authentication_type == "Service");
  CHECK(connection.project_link == "3");
  CHECK(connection.last_run_link == "4");
  CHECK(set.users.items.at(0).row.connections == std::vector<std::string>{"c1"});
  CHECK(set.users.items.at(1).row.connections == std::vector<std::string>{"*"});
  const Client& client = set.clients.items.at(0).row;
  CHECK(client.secret == "s");
  CHECK_FALSE(client.registered);
  CHECK(client.rate_limits ==
        std::vector<RateLimit>{{1, std::chrono::seconds(2)}, {3, std::chrono::seconds(4)}});
  CHECK(client.redirect_uris == std::vector<std::string>{"http://r"});
  const Token& token = set.tokens.items.at(0).row;
  CHECK(token.scopes == std::vector<std::string>{"x", "y"});
  CHECK(token.issuer == "i");
  CHECK(token.expires == "2031-01-01T00:00:00Z");
}

TEST_CASE("an answer of the API may be pasted whole") {
  const FixtureSet set =
      ReadFixture(R"({"connections": [)" + Golden("get-export-connection", 200) + "]}");
  CHECK(set.connections.items.at(0).row.id == kExampleId);
}

TEST_CASE("an empty object is a world without anything") {
  CHECK(ReadFixture("{}").connections.items.empty());
}

TEST_CASE("all that is wrong is told at once: file, line, place, what is and what would be right") {
  CHECK(RefusalOf("{\n\"connections\": [\n{\"id\": \"a\", \"displayname\": \"x\"},\n"
                  "{\"iModelId\": 5, \"authenticationType\": \"user\"}\n]}") ==
        "test.json:3: /connections/0/displayname: unknown member \"displayname\". Did you mean "
        "\"displayName\"?"
        " Known here: _links, authenticationType, displayName, iModelId, iTwinId, id.\n"
        "test.json:4: /connections/1/authenticationType: is \"user\"; wanted: one of User, Service."
        " Did you mean \"User\"?\n"
        "test.json:4: /connections/1: the member \"id\" is missing; add an opaque, case-sensitive "
        "id of 1 to 256"
        " characters, not \"*\".\n"
        "test.json:4: /connections/1/iModelId: is 5; wanted: a text.");
}

TEST_CASE("each rule of the schema has a sentence of its own") {
  struct Row {
    const char* text;
    const char* words;
  };
  const Row rows[] = {
      {R"([])", "/: is a list; wanted: an object"},
      {R"({"conections": []})", "Did you mean \"connections\"?"},
      {R"({"connections": {}})",
       "/connections: is an object; wanted: a list of export connections"},
      {R"({"connections": [1]})", "/connections/0: is 1; wanted: a connection"},
      {R"({"connections": [{"id": ""}]})", "/connections/0/id: is \"\""},
      {R"({"connections": [{"id": "*"}]})", "/connections/0/id: is \"*\""},
      {R"({"connections": [{"id": null}]})", "/connections/0/id: is null"},
      {R"({"connections": [{"id": "a", "_links": {}}]})", "/connections/0/_links: is empty"},
      {R"({"connections": [{"id": "a", "_links": {"itwin": {"href": "x"}}}]})",
       "Did you mean \"iTwin\"?"},
      {R"({"connections": [{"id": "a", "_links": {"iTwin": {}}}]})",
       "/connections/0/_links/iTwin: the member \"href\" is missing"},
      {R"({"connections": [{"id": "a", "_links": {"iTwin": "x"}}]})",
       "/connections/0/_links/iTwin: is \"x\"; wanted: a link"},
      {R"({"connections": [{"connection": {"id": "a", "x": 1}}]})",
       "/connections/0/connection/x: unknown member"},
      {R"({"connections": [{"connection": {"id": "a"}, "id": "b"}]})",
       "/connections/0/id: unknown member"},
      {R"({"users": [{"id": "u"}]})",
       "\"connections\" is missing; add a list of the connection ids"},
      {R"({"users": [{"id": "u", "connections": "*"}]})",
       "/users/0/connections: is \"*\"; wanted: a list"},
      {R"({"clients": [{"id": "a"}]})", "\"tier\" is missing"},
      {R"({"clients": [{"id": "a", "tier": "trail"}]})", "Did you mean \"trial\"?"},
      {R"({"clients": [{"id": "a", "tier": "trial", "registered": "no"}]})",
       "/clients/0/registered: is \"no\"; wanted: true, or false"},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": []}]})",
       "/clients/0/rateLimits: is empty"},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": [{"limit": -1, "seconds": 1}]}]})",
       "/clients/0/rateLimits/0/limit: is -1"},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": [{"limit": 1.5, "seconds": 1}]}]})",
       "limit: is 1.5"},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": [{"limit": 1, "seconds": 0}]}]})",
       "seconds: is 0"},
      {R"({"tokens": [{"token": "a b", "client": "c", "scopes": []}]})", "/tokens/0/token: "},
      {R"({"tokens": [{"token": "a", "client": "c", "scopes": "x"}]})",
       "/tokens/0/scopes: is \"x\"; wanted: a list of scopes"},
      {R"({"tokens": [{"token": "a", "client": "c", "scopes": ["x y"]}]})",
       "/tokens/0/scopes/0: is \"x y\""},
      {R"({"tokens": [{"token": "a", "client": "c", "scopes": [], "expires": "soon"}]})",
       "/tokens/0/expires: is \"soon\"; wanted: a time"},
      {R"({"tokens": [{"token": "a", "client": "c", "scopes": [], "expires": "2030-02-30T00:00:00Z"}]})",
       "/tokens/0/expires: "},
      {R"({"tokens": [{"token": "a", "name": "a/b", "client": "c", "scopes": []}]})",
       "/tokens/0/name: is \"a/b\""},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const std::string refusal = RefusalOf(row.text);
    INFO(refusal);
    CHECK(refusal.find(row.words) != std::string::npos);
    CHECK(refusal.starts_with("test.json:1: "));
    CHECK(refusal.find('\n') == std::string::npos);
  }
}

TEST_CASE("a token that is refused is not repeated in the sentence") {
  CHECK(RefusalOf(R"({"tokens": [{"token": "very secret", "client": "c", "scopes": []}]})")
            .find("very secret") == std::string::npos);
  CHECK(RefusalOf(R"({"clients": [{"id": "c", "tier": "trial", "secret": ["hush"]}]})")
            .find("hush") == std::string::npos);
}

TEST_CASE("at most twenty sentences are told") {
  std::string items;
  for (int i = 0; i < 100; ++i) items += (i ? ",{}" : "{}");
  const std::string refusal = RefusalOf("{\"connections\": [" + items + "]}");
  CHECK(std::count(refusal.begin(), refusal.end(), '\n') == 19);
}
