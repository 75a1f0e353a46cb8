#include "world/fixture_writer.h"

#include "thrown.h"
#include "world.h"
#include "world/fixture_json.h"
#include "world/fixture_store.h"

using namespace emulator;

namespace {

std::string LoadRefusalOf(const std::string& text) {
  return Thrown<FixtureError>([&] { const FixtureStore store(ReadFixture(text)); });
}

// What a put into the default world is refused with. It changes nothing.
std::string PutRefusalOf(const std::string& text) {
  FixtureStore store(DefaultFixtures());
  const std::string before = WriteFixtures(store.ReadAll());
  try {
    store.Put(ReadFixture(text));
  } catch (const FixtureError& error) {
    CHECK(WriteFixtures(store.ReadAll()) == before);
    return error.what();
  }
  return "taken";
}

template <typename Row>
std::vector<std::string> Ids(const Section<Row>& section) {
  std::vector<std::string> ids;
  for (const auto& item : section.items) ids.push_back(item.row.id);
  return ids;
}

}  // namespace

TEST_CASE("a token without a name is named by its hash") {
  const FixtureStore store(ReadFixture(
      R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "abc", "client": "a", "scopes": []}]})"));
  CHECK(store.FindToken("abc")->token.name == "ba7816bf8f");
}

TEST_CASE("the schema judges what rows say of each other, and all of it is told with its place") {
  struct Row {
    const char* text;
    const char* sentence;
  };
  const Row rows[] = {
      {R"({"connections": [{"id": "c"}, {"id": "c"}]})",
       "test.json:1: /connections/1: another connection \"c\" is there already; give each its "
       "own."},
      {R"({"users": [{"id": "u", "connections": []}, {"id": "u", "connections": []}]})",
       "test.json:1: /users/1: another user \"u\" is there already; give each its own."},
      {R"({"users": [{"id": "u", "connections": ["x"]}]})",
       "test.json:1: /users/0/connections/0: there is no connection \"x\"; add it to "
       "\"connections\", or correct the reference."},
      {R"({"connections": [{"id": "c"}], "users": [{"id": "u", "connections": ["c", "c"]}]})",
       "test.json:1: /users/0/connections/1: the connection \"c\" is listed twice; list it once."},
      {R"({"clients": [{"id": "a", "tier": "trial"}, {"id": "a", "tier": "trial"}]})",
       "test.json:1: /clients/1: another client \"a\" is there already; give each its own."},
      {R"({"clients": [{"id": "a", "tier": "trial", "user": "u"}]})",
       "test.json:1: /clients/0/user: there is no user \"u\"; add it to \"users\", or correct the "
       "reference."},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": [{"limit": 1, "seconds": 60}, {"limit": 2, "seconds": 60}]}]})",
       "test.json:1: /clients/0/rateLimits: two limits for the same 60 seconds; keep the smaller "
       "one."},
      {R"({"clients": [{"id": "a", "tier": "trial", "redirectUris": ["x", "x"]}]})",
       "test.json:1: /clients/0/redirectUris: the URI \"x\" is listed twice; list it once."},
      {R"({"tokens": [{"token": "t", "client": "a", "scopes": []}]})",
       "test.json:1: /tokens/0/client: there is no client \"a\"; add it to \"clients\", or correct "
       "the reference."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "client": "a", "user": "u", "scopes": []}]})",
       "test.json:1: /tokens/0/user: there is no user \"u\"; add it to \"users\", or correct the "
       "reference."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "name": "n", "client": "a", "scopes": []},
                                                                  {"token": "t", "name": "m", "client": "a", "scopes": []}]})",
       "test.json:2: /tokens/1/token: the same token is there twice (its name here: \"m\"); keep "
       "one of "
       "the two."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "name": "n", "client": "a", "scopes": []},
                                                                  {"token": "s", "name": "n", "client": "a", "scopes": []}]})",
       "test.json:2: /tokens/1: another token named \"n\" is there already; give each its own."},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(LoadRefusalOf(row.text) == row.sentence);
  }
  CHECK(LoadRefusalOf(R"({"users": [{"id": "u", "connections": ["x", "y"]}]})").find("\n") !=
        std::string::npos);
}

TEST_CASE("rows that are put keep their order and who refers to them; new ones come last") {
  FixtureStore store(DefaultFixtures());
  const FixtureSet before = store.ReadAll();
  store.Put(ReadFixture(R"({
    "connections": [{"id": "new"}, {"id": "service-connection", "displayName": "put"}],
    "users": [{"id": "reader", "connections": ["new", "never-run-connection"]}],
    "clients": [{"id": "throttled-app", "tier": "basic", "rateLimits": [{"limit": 9, "seconds": 1}], "redirectUris": ["x"]}],
    "tokens": [{"token": "other", "name": "reader", "client": "trial-app", "scopes": ["a", "b"]}]})"));

  auto connections = Ids(before.connections);
  connections.emplace_back("new");
  const FixtureSet after = store.ReadAll();
  CHECK(Ids(after.connections) == connections);
  CHECK(store.ReadConnection("service-connection") ==
        Connection{.id = "service-connection", .display_name = "put"});
  CHECK(store.MayRead("owner", "service-connection"));

  CHECK(Ids(after.users) == Ids(before.users));
  CHECK(store.ReadUser("reader")->connections ==
        std::vector<std::string>{"new", "never-run-connection"});

  CHECK(Ids(after.clients) == Ids(before.clients));
  CHECK(store.ReadClient("throttled-app") == Client{.id = "throttled-app",
                                                    .tier = "basic",
                                                    .rate_limits = {{9, std::chrono::seconds(1)}},
                                                    .redirect_uris = {"x"}});

  CHECK(after.tokens.items.front().row ==
        Token{.token = "other", .name = "reader", .client = "trial-app", .scopes = {"a", "b"}});
  CHECK_FALSE(store.FindToken("reader-token"));
  CHECK(store.FindToken("other")->token.name == "reader");
}

TEST_CASE("who may read a connection that is put still may") {
  FixtureStore store(DefaultFixtures());
  store.Put(ReadItem(Kind::kConnection, kExampleId, "{}"));
  CHECK(store.ReadUser("reader") == FixtureStore(DefaultFixtures()).ReadUser("reader"));
}

TEST_CASE("a put that is refused in its last row changes nothing") {
  CHECK(PutRefusalOf(R"({
    "connections": [{"id": "new"}, {"id": "service-connection"}],
    "users": [{"id": "reader", "connections": []}],
    "clients": [{"id": "trial-app", "tier": "basic"}],
    "tokens": [{"token": "t", "name": "reader", "client": "none", "scopes": []}]})") ==
        "test.json:5: /tokens/0/client: there is no client \"none\"; add it to \"clients\", or "
        "correct the reference.");
}

TEST_CASE("a put is judged by what is there and what it brings, in the same sentences") {
  CHECK(PutRefusalOf(R"({"users": [{"id": "reader", "connections": ["none"]}]})") ==
        "test.json:1: /users/0/connections/0: there is no connection \"none\"; add it to "
        "\"connections\", or correct the reference.");
  CHECK(
      PutRefusalOf(
          R"({"connections": [{"id": "none"}], "users": [{"id": "reader", "connections": ["none"]}]})") ==
      "taken");
  CHECK(PutRefusalOf(R"({"connections": [{"id": "a"}, {"id": "a"}]})") ==
        "test.json:1: /connections/1: another connection \"a\" is there already; give each its "
        "own.");
  CHECK(
      PutRefusalOf(
          R"({"users": [{"id": "reader", "connections": []}, {"id": "reader", "connections": ["*"]}]})") ==
      "test.json:1: /users/1: another user \"reader\" is there already; give each its own.");
  CHECK(
      PutRefusalOf(
          R"({"tokens": [{"token": "owner-token", "name": "reader", "client": "trial-app", "scopes": []}]})") ==
      "test.json:1: /tokens/0/token: the same token is there twice (its name here: \"reader\"); "
      "keep "
      "one of the two.");
  CHECK(
      PutRefusalOf(R"({"tokens": [{"token": "owner-token", "client": "trial-app", "scopes": []}]})")
          .starts_with("test.json:1: /tokens/0/token: the same token is there twice"));
}

TEST_CASE("an item that is put is told of with pointers that start at the item") {
  FixtureStore store(DefaultFixtures());
  try {
    store.Put(ReadItem(Kind::kUser, "u", "{\"connections\":\n[\"service-connection\", \"none\"]}"));
    FAIL("was taken");
  } catch (const FixtureError& error) {
    REQUIRE(error.defects().size() == 1);
    CHECK(error.defects()[0].pointer == "/connections/1");
    CHECK(error.defects()[0].line == 2);
    CHECK(error.defects()[0].sentence ==
          "there is no connection \"none\"; add it to \"connections\", or correct the reference.");
  }
}

TEST_CASE("rows of a store have no place in a file, and are told of all the same") {
  FixtureSet set = FixtureStore(DefaultFixtures()).ReadAll();
  set.clients.items.clear();
  set.tokens.items.resize(1);
  try {
    const FixtureStore store(set);
    FAIL("was taken");
  } catch (const FixtureError& error) {
    CHECK(std::string(error.what()) ==
          "/tokens/0/client: there is no client \"premium-app\"; add it to \"clients\", or correct "
          "the reference.");
  }
}

TEST_CASE("a row is deleted with what belongs to it, and not while others refer to it") {
  FixtureStore store(DefaultFixtures());
  CHECK(store.Delete(Kind::kConnection, "none").outcome == Deletion::kUnknown);
  CHECK(store.Delete(Kind::kConnection, kExampleId).outcome == Deletion::kDone);
  CHECK_FALSE(store.FindConnection(kExampleId));
  CHECK(store.ReadUser("reader")->connections.size() == 5);

  const Deletion user = store.Delete(Kind::kUser, "reader");
  CHECK(user.outcome == Deletion::kReferenced);
  CHECK(user.referrers == "client \"premium-app\" and 13 others");
  CHECK(store.Delete(Kind::kClient, "throttled-app").referrers == "token \"throttled\"");
  CHECK(store.Delete(Kind::kToken, "throttled-token").outcome == Deletion::kUnknown);
  CHECK(store.Delete(Kind::kToken, "throttled").outcome == Deletion::kDone);
  CHECK_FALSE(store.FindToken("throttled-token"));
  CHECK(store.Delete(Kind::kClient, "throttled-app").outcome == Deletion::kDone);
  CHECK(store.Delete(Kind::kUser, "stranger").referrers == "token \"stranger\"");
  CHECK(store.Delete(Kind::kToken, "stranger").outcome == Deletion::kDone);
  CHECK(store.Delete(Kind::kUser, "stranger").outcome == Deletion::kDone);
  CHECK_FALSE(store.ReadUser("stranger"));
}
