#include "api/run_json.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using namespace std::chrono_literals;
using nlohmann::ordered_json;

namespace {

fixtures::Run Failing() {
  return {.id = "r",
          .connection = "c",
          .start = "2023-09-14T12:00:06.800Z",
          .timeline = {.outcome = "Error", .queued = 1s, .running = 10s}};
}

ordered_json At(std::chrono::seconds time, RunPlace place = RunPlace::kAlone,
                const world::ApiProfile& profile = {}) {
  return ShowRun(Failing(), ParseTime(Failing().start).value() + time, place, profile);
}

std::string Names(const ordered_json& object) {
  std::string names;
  for (const auto& [name, _] : object.items()) names += name + " ";
  return names;
}

}  // namespace

TEST_CASE("in the current edition, a listed run has the members of the example, in its order") {
  const ordered_json shown = At(1h, RunPlace::kListed, {.edition = world::Edition::kCurrent});
  const ordered_json page =
      ordered_json::parse(Golden("current/get-export-connection-runs", 200))["runs"][0];
  CHECK(Names(shown) == Names(page));
  CHECK(Names(shown["jobs"][0]) == Names(page["jobs"][0]));
  const ordered_json& task = shown["jobs"][0]["tasks"][0];
  const ordered_json& task_on_page = page["jobs"][0]["tasks"][0];
  CHECK(Names(task) == "id startDateTime endDateTime retryAttempts state result error ");
  CHECK(task["error"] == task_on_page["error"]);
  CHECK(task["error"].dump() == task_on_page["error"].dump());
}

TEST_CASE("a single run, and a run in an older list, names its connection") {
  const char* const kMembers = "id connectionId startDateTime endDateTime state result jobs ";
  CHECK(Names(At(1h)) == kMembers);
  CHECK(Names(At(1h, RunPlace::kListed)) == kMembers);
  CHECK(Names(At(1h, RunPlace::kAlone, {.edition = world::Edition::kCurrent})) == kMembers);
}

TEST_CASE("an unfinished item has no end; an item that has not started is absent") {
  CHECK(At(0s)["jobs"].empty());
  CHECK(Names(At(0s)) == "id connectionId startDateTime state result jobs ");
  const ordered_json job = At(5s)["jobs"][0];
  CHECK(Names(job) == "id startDateTime state result tasks ");
  CHECK(job["state"] == "Executing");
  CHECK(Names(job["tasks"][0]) == "id startDateTime retryAttempts state result ");
  CHECK(At(10s)["jobs"][0]["state"] == "Completed");
  CHECK(At(10s)["state"] == "Finalizing");
}

TEST_CASE("times have no trailing zeros") {
  CHECK(At(0s)["startDateTime"] == "2023-09-14T12:00:06.8Z");
  fixtures::Run run = Failing();
  run.start = "2023-09-14T12:00:06.000Z";
  run.timeline.running = 10ms;
  const ordered_json shown = ShowRun(run, kNoon, RunPlace::kAlone, {});
  CHECK(shown["startDateTime"] == "2023-09-14T12:00:06Z");
  CHECK(shown["endDateTime"] == "2023-09-14T12:00:07.01Z");
}

TEST_CASE(
    "one of two tasks fails where a run succeeds in part; a success has an output in the newer "
    "pages") {
  fixtures::Run run = Failing();
  run.timeline.outcome = "PartialSuccess";
  const ordered_json older = ShowRun(run, kNoon, RunPlace::kAlone, {})["jobs"][0]["tasks"];
  REQUIRE(older.size() == 2);
  CHECK(older[0]["result"] == "Success");
  CHECK_FALSE(older[0].contains("exportOutputFileId"));
  CHECK(older[1].contains("error"));
  CHECK(older[0]["id"] != older[1]["id"]);
  const ordered_json newer = ShowRun(run, kNoon, RunPlace::kAlone,
                                     {.edition = world::Edition::kCurrent})["jobs"][0]["tasks"];
  CHECK(newer[0].contains("exportOutputFileId"));
  CHECK_FALSE(newer[1].contains("exportOutputFileId"));
}

TEST_CASE("error members of the fixtures replace those of the example") {
  fixtures::Run run = Failing();
  run.timeline.error = R"({"bridgeExitCode": 4294967295, "message": "Mine."})";
  const ordered_json error =
      ShowRun(run, kNoon, RunPlace::kAlone, {})["jobs"][0]["tasks"][0]["error"];
  CHECK(error["bridgeExitCode"] == 4294967295);
  CHECK(error["message"] == "Mine.");
  CHECK(error["errorCode"] == "TAE_BRW_1000");
}
