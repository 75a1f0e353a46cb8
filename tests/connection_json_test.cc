#include "api/connection_json.h"

#include <nlohmann/json.hpp>

#include "world.h"

using namespace emulator;
using nlohmann::ordered_json;

namespace {

std::string Stored() {
  return ordered_json::parse(Golden("get-export-connection", 200))["connection"].dump();
}

std::string Shown(ConnectionPlace place, const Rendition& rendition = {}) {
  return ShowConnection(Stored(), place, rendition);
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

TEST_CASE("members stand in the order of the page that shows the answer") {
  CHECK(Shown(ConnectionPlace::kAlone) == Stored());
  CHECK(Shown(ConnectionPlace::kListed) == Stored());
  CHECK(Names(Shown(ConnectionPlace::kCreated)) == NamesOnPage("create-export-connection", 201));
  CHECK(Names(Shown(ConnectionPlace::kListed)) == NamesOnPage("get-export-connections", 200));
  const Rendition current{.edition = Edition::kCurrent};
  CHECK(Shown(ConnectionPlace::kAlone, current) == Stored());
  CHECK(Names(Shown(ConnectionPlace::kListed, current)) ==
        NamesOnPage("current/get-export-connections", 200));
}

TEST_CASE("a reading changes what the page says twice, and nothing else") {
  ordered_json links = ordered_json::parse(Stored())["_links"];
  const ordered_json project =
      ordered_json::parse(Shown(ConnectionPlace::kAlone, {.project_link = true}));
  CHECK(Names(project["_links"].dump()) == "iModel project lastRun ");
  CHECK(project["_links"]["project"] == links["iTwin"]);
  CHECK(Names(Shown(ConnectionPlace::kAlone, {.table_members = true})) ==
        "id iModelId displayName authenticationType ");
  CHECK(Shown(ConnectionPlace::kAlone, {.no_retry_after = true}) == Stored());
}

TEST_CASE("what a connection has not is not shown") {
  CHECK(ShowConnection(R"({"id":"a"})", ConnectionPlace::kCreated, {.project_link = true}) ==
        R"({"id":"a"})");
}
