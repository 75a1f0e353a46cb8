#include "world/fixture_file.h"

#include "thrown.h"
#include "world.h"

using namespace emulator;

namespace {

std::string FileRefusalOf(const std::string& text) {
  return Thrown<FixtureError>([&] { ReadFixture(text); });
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
  CHECK(FileRefusalOf("{\n\"connections\": [\n{\"id\": \"a\", \"displayname\": \"x\"},\n"
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
    const std::string refusal = FileRefusalOf(row.text);
    INFO(refusal);
    CHECK(refusal.find(row.words) != std::string::npos);
    CHECK(refusal.starts_with("test.json:1: "));
    CHECK(refusal.find('\n') == std::string::npos);
  }
}

TEST_CASE("a token that is refused is not repeated in the sentence") {
  CHECK(FileRefusalOf(R"({"tokens": [{"token": "very secret", "client": "c", "scopes": []}]})")
            .find("very secret") == std::string::npos);
  CHECK(FileRefusalOf(R"({"clients": [{"id": "c", "tier": "trial", "secret": ["hush"]}]})")
            .find("hush") == std::string::npos);
}

TEST_CASE("at most twenty sentences are told") {
  std::string items;
  for (int i = 0; i < 100; ++i) items += (i ? ",{}" : "{}");
  const std::string refusal = FileRefusalOf("{\"connections\": [" + items + "]}");
  CHECK(std::count(refusal.begin(), refusal.end(), '\n') == 19);
}

namespace {

std::vector<FixtureDefect> ItemDefects(Kind kind, const std::string& key, const std::string& text) {
  try {
    ReadItem(kind, key, text);
  } catch (const FixtureError& error) {
    return error.defects();
  }
  return {};
}

}  // namespace

TEST_CASE("an item gets its key from outside, or says the same one") {
  for (const char* text :
       {"{}", R"({"id": "c"})", R"({"connection": {}})", R"({"connection": {"id": "c"}})"}) {
    const FixtureSet set = ReadItem(Kind::kConnection, "c", text);
    REQUIRE(set.connections.items.size() == 1);
    CHECK(set.connections.items[0].row == Connection{.id = "c"});
  }
  CHECK(ReadItem(Kind::kUser, "u", R"({"connections": ["*"]})").users.items.at(0).row.id == "u");
  CHECK(ReadItem(Kind::kClient, "k", R"({"tier": "trial"})").clients.items.at(0).row.id == "k");
  const FixtureSet token =
      ReadItem(Kind::kToken, "n", R"({"token": "t", "client": "k", "scopes": []})");
  CHECK(token.tokens.items.at(0).row.name == "n");
  CHECK(token.tokens.items.at(0).row.token == "t");
}

TEST_CASE("an item is judged as in a file, with pointers that start at the item") {
  struct Row {
    Kind kind;
    const char* text;
    const char* pointer;
    const char* words;
  };
  const Row rows[] = {
      {Kind::kConnection, R"({"id": "d"})", "/id",
       "is \"d\", and the path says \"key\"; leave it out"},
      {Kind::kConnection, R"({"connection": {"id": "d"}})", "/connection/id", "is \"d\", and"},
      {Kind::kToken, R"({"name": "d", "token": "t", "client": "k", "scopes": []})", "/name",
       "is \"d\", and"},
      {Kind::kConnection, R"({"id": 1})", "/id", "is 1; wanted: an opaque"},
      {Kind::kConnection, R"({"displayname": "x"})", "/displayname",
       "Did you mean \"displayName\"?"},
      {Kind::kConnection, R"({"connection": {"x": 1}})", "/connection/x", "unknown member"},
      {Kind::kConnection, R"({"connection": {}, "id": "key"})", "/id", "unknown member"},
      {Kind::kConnection, R"({"connection": 1})", "/connection", "is 1; wanted: a connection"},
      {Kind::kConnection, "[]", "", "is a list; wanted: a connection"},
      {Kind::kUser, "{}", "", "the member \"connections\" is missing"},
      {Kind::kUser, R"({"connection": {}})", "/connection", "unknown member"},
      {Kind::kToken,
       R"({"token": "t", "client": "k", "scopes": [], "expires": "2030-02-30T00:00:00Z"})",
       "/expires", "wanted: a time"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto defects = ItemDefects(row.kind, "key", row.text);
    const bool found = std::any_of(defects.begin(), defects.end(), [&](const auto& defect) {
      return defect.pointer == row.pointer && defect.sentence.find(row.words) != std::string::npos;
    });
    const std::string told = defects.empty() ? "taken" : defects[0].Told();
    INFO(told);
    CHECK(found);
  }
  const auto bad_key = ItemDefects(Kind::kConnection, "*", "{}");
  REQUIRE(bad_key.size() == 1);
  CHECK(bad_key[0].pointer == "/id");
}

TEST_CASE(
    "an item that is no JSON is told of without a pointer, one with a member twice with its own") {
  auto defects = ItemDefects(Kind::kUser, "u", "{\n");
  REQUIRE(defects.size() == 1);
  CHECK_FALSE(defects[0].pointer.has_value());
  CHECK(defects[0].Told().starts_with("the body:"));
  defects = ItemDefects(Kind::kUser, "u", R"({"id": "u", "id": "u"})");
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].pointer == "/id");
}

TEST_CASE("defects are values, each with its place") {
  try {
    ReadFixture("{\"connections\":\n[{\"id\": 1}],\n\"users\": 2}", "a.json");
    FAIL("was taken");
  } catch (const FixtureError& error) {
    REQUIRE(error.defects().size() == 2);
    const FixtureDefect& first = error.defects()[0];
    CHECK(first.file == "a.json");
    CHECK(first.line == 2);
    CHECK(first.pointer == "/connections/0/id");
    CHECK(first.Told() == "a.json:2: /connections/0/id: " + first.sentence);
    CHECK(error.what() == first.Told() + "\n" + error.defects()[1].Told());
  }
}

TEST_CASE("a name that holds a DEL does not reach the terminal on which it is told") {
  const std::string refusal = FileRefusalOf("{\"connecti\x7fns\": {}}");
  CHECK(refusal.find('\x7f') == std::string::npos);
  CHECK(refusal.find("unknown member \"connecti?ns\"") != std::string::npos);
}
