#include "world/connection_rows.h"

#include "world.h"
#include "world/fixture_store.h"

using namespace emulator;
using namespace std::chrono_literals;

namespace {

const char* const kConnectionsWorld = R"({
  "connections": [{"id": "a", "iModelId": "m"}, {"id": "b", "iModelId": "m", "iTwinId": "t"},
                  {"id": "c", "iModelId": "M"}, {"id": "d", "iModelId": "m"}],
  "users": [{"id": "all", "connections": ["*"]}, {"id": "some", "connections": ["d", "a"]},
            {"id": "none", "connections": []}],
  "runs": [{"id": "r", "connectionId": "a", "startDateTime": "2026-11-24T12:00:00Z"}]})";

std::vector<std::string> Ids(const ConnectionPage& page) {
  std::vector<std::string> ids;
  for (const Connection& connection : page.connections) ids.push_back(connection.id);
  return ids;
}

}  // namespace

TEST_CASE("an iModel's connections are listed to who may read them, in the order they came") {
  const FixtureStore store(ReadFixture(kConnectionsWorld));
  using Texts = std::vector<std::string>;
  const auto list = [&](const char* i_model, const char* user, PageRange range = {0, 50}) {
    return store.ListConnections(i_model, user, range);
  };
  CHECK(Ids(list("m", "all")) == Texts{"a", "b", "d"});
  CHECK(Ids(list("m", "some")) == Texts{"a", "d"});
  CHECK(Ids(list("m", "all", {1, 1})) == Texts{"b"});
  CHECK(list("m", "all", {1, 1}).readable == 3);
  CHECK(list("m", "none").has_any);
  CHECK(list("m", "none").readable == 0);
  CHECK(list("m", "nobody").readable == 0);
  CHECK_FALSE(list("x", "all").has_any);
  CHECK(store.FindITwinOf("m") == "t");
  CHECK_FALSE(store.FindITwinOf("M"));
}

TEST_CASE("who makes a connection may read it, once, and no id is given twice") {
  FixtureStore store(ReadFixture(kConnectionsWorld));
  const std::string some = "some", all = "all";
  CHECK(store.AddConnection({.id = "new", .i_model_id = "m"}, &some));
  CHECK(store.MayRead("some", "new"));
  CHECK_FALSE(store.MayRead("none", "new"));
  CHECK_FALSE(store.AddConnection({.id = "new"}, &all));
  CHECK(store.AddConnection({.id = "newer"}, &all));
  CHECK(store.MayRead("all", "newer"));
  CHECK(store.ReadUser("all")->connections == std::vector<std::string>{"*"});
  CHECK(store.AddConnection({.id = "newest"}, nullptr));
}

TEST_CASE("a connection is taken away with its runs, when they are over") {
  FixtureStore store(ReadFixture(kConnectionsWorld));
  CHECK(store.RemoveConnection("a", kNoon) == Removal::kRunning);
  CHECK(store.FindConnection("a"));
  CHECK(store.RemoveConnection("a", kNoon + 1h) == Removal::kDone);
  CHECK_FALSE(store.FindConnection("a"));
  CHECK_FALSE(store.ReadRun("r"));
  CHECK(store.RemoveConnection("a", kNoon) == Removal::kUnknown);
}
