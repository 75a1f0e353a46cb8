#include "api/connection_json.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using nlohmann::ordered_json;

namespace {

std::string Stored() {
  return ordered_json::parse(Golden("get-export-connection", 200))["connection"].dump();
}

std::string Render(ConnectionPlace place, const world::ApiProfile& profile = {}) {
  return ShowConnection(Stored(), place, profile);
}

std::string Names(const std::string& json) {
  const ordered_json object = ordered_json::parse(json);
  std::string names;
  for (const auto& [name, _] : object.items()) names += name + " ";
  return names;
}

// The members of a page's example, in its order.
std::string NamesOnPage(const std::string& operation, int status) {
  ordered_json page = ordered_json::parse(Golden(operation, status));
  return Names((page.contains("connection") ? page["connection"] : page["connections"][0]).dump());
}

}  // namespace

TEST_CASE("members have the order of the page that shows the answer") {
  CHECK(Render(ConnectionPlace::kAlone) == Stored());
  CHECK(Render(ConnectionPlace::kListed) == Stored());
  CHECK(Names(Render(ConnectionPlace::kCreated)) == NamesOnPage("create-export-connection", 201));
  CHECK(Names(Render(ConnectionPlace::kListed)) == NamesOnPage("get-export-connections", 200));
  const world::ApiProfile current{.edition = world::Edition::kCurrent};
  CHECK(Render(ConnectionPlace::kAlone, current) == Stored());
  CHECK(Names(Render(ConnectionPlace::kListed, current)) ==
        NamesOnPage("current/get-export-connections", 200));
}

TEST_CASE("an assumption changes only the parts that the page contradicts") {
  ordered_json links = ordered_json::parse(Stored())["_links"];
  const ordered_json project =
      ordered_json::parse(Render(ConnectionPlace::kAlone, {.project_link = true}));
  CHECK(Names(project["_links"].dump()) == "iModel project lastRun ");
  CHECK(project["_links"]["project"] == links["iTwin"]);
  CHECK(Names(Render(ConnectionPlace::kAlone, {.table_members = true})) ==
        "id iModelId displayName authenticationType ");
  CHECK(Render(ConnectionPlace::kAlone, {.no_retry_after = true}) == Stored());
}

TEST_CASE("members that a connection lacks are omitted") {
  CHECK(ShowConnection(R"({"id":"a"})", ConnectionPlace::kCreated, {.project_link = true}) ==
        R"({"id":"a"})");
}
