#include "world/run_rows.h"

#include "temporary_folder.h"
#include "thrown.h"
#include "world.h"
#include "world/fixture_store.h"

using namespace emulator;
using namespace std::chrono_literals;

namespace {

const char* const kRunsWorld = R"({
  "connections": [{"id": "c"}, {"id": "d"}],
  "runs": [
    {"id": "old", "connectionId": "c", "startDateTime": "2026-11-24T11:00:00Z"},
    {"id": "late", "connectionId": "c", "startDateTime": "2026-11-24T12:00:00.5Z", "seconds": 60},
    {"id": "early", "connectionId": "c", "startDateTime": "2026-11-24T12:00:00Z", "seconds": 60},
    {"id": "of-d", "connectionId": "d", "startDateTime": "2026-11-24T11:00:00Z"}],
  "runPlans": [{"connectionId": "d", "outcome": "Error"}]})";

std::vector<std::string> Ids(const RunPage& page) {
  std::vector<std::string> ids;
  for (const Run& run : page.runs) ids.push_back(run.id);
  return ids;
}

Run Starting(const std::string& id, const std::string& connection, Time at) {
  return {.id = id, .connection = connection, .start = StoredTime(at), .course = {}};
}

}  // namespace

TEST_CASE("runs are listed with the latest first, in pages, those of their connection alone") {
  const FixtureStore store(ReadFixture(kRunsWorld));
  using Texts = std::vector<std::string>;
  CHECK(Ids(store.ListRuns("c", {0, 50})) == Texts{"late", "early", "old"});
  CHECK(Ids(store.ListRuns("c", {1, 1})) == Texts{"early"});
  CHECK(store.ListRuns("c", {1, 1}).total == 3);
  CHECK(Ids(store.ListRuns("c", {3, 50})).empty());
  CHECK(store.ListRuns("none", {0, 50}).total == 0);
  CHECK(store.FindRun("c", "old"));
  CHECK_FALSE(store.FindRun("c", "of-d"));
  CHECK_FALSE(store.FindRun("c", "OLD"));
}

TEST_CASE("active is a run that is not over, and of several the one that started last") {
  const FixtureStore store(ReadFixture(kRunsWorld));
  CHECK(store.FindActiveRun("c", kNoon + 1s)->id == "late");
  CHECK_FALSE(store.FindActiveRun("c", kNoon + 2min));
  CHECK_FALSE(store.FindActiveRun("d", kNoon));
}

TEST_CASE("a connection's own plan stands over the one for all") {
  FixtureStore store(ReadFixture(kRunsWorld));
  CHECK_FALSE(store.FindRunPlan("c"));
  CHECK(store.FindRunPlan("d")->course.outcome == "Error");
  store.Put(ReadItem(Kind::kRunPlan, "*", R"({"outcome": "Skipped", "seconds": 1.5})"));
  CHECK(store.FindRunPlan("c")->course.outcome == "Skipped");
  CHECK(store.FindRunPlan("c")->course.running == 1500ms);
  CHECK(store.FindRunPlan("d")->course.outcome == "Error");
}

TEST_CASE("a run is started where none is active, and its connection then links to it") {
  const TemporaryFolder folder;
  for (const bool in_file : {false, true}) {
    FixtureStore store = in_file ? FixtureStore(folder / "store.db", ReadFixture(kRunsWorld))
                                 : FixtureStore(ReadFixture(kRunsWorld));
    using Start = FixtureStore::Start;
    CHECK(store.StartRun(Starting("new", "c", kNoon + 1s), "link") == Start::kAnotherActive);
    CHECK(store.StartRun(Starting("new", "none", kNoon), "link") == Start::kNoConnection);
    CHECK(store.StartRun(Starting("old", "d", kNoon), "link") == Start::kIdTaken);
    CHECK_FALSE(store.ReadConnection("d")->last_run_link);
    CHECK(store.StartRun(Starting("new", "d", kNoon), "link") == Start::kDone);
    store.Refresh();
    CHECK(store.ReadConnection("d")->last_run_link == "link");
    CHECK(store.FindConnection("d")->json == R"({"id":"d","_links":{"lastRun":{"href":"link"}}})");
    CHECK(store.FindActiveRun("d", kNoon)->id == "new");
  }
}

TEST_CASE("runs and plans are judged with the other rows, and go with their connection") {
  const auto refusal = [](const char* text) {
    return Thrown<FixtureError>([&] { FixtureStore{ReadFixture(text)}; });
  };
  CHECK(
      refusal(
          R"({"runs": [{"id": "r", "connectionId": "x", "startDateTime": "2026-11-24T12:00:00Z"}]})") ==
      "test.json:1: /runs/0/connectionId: there is no connection \"x\"; add it to "
      "\"connections\", or correct the reference.");
  CHECK(
      refusal(R"({"runPlans": [{"connectionId": "*"}, {"connectionId": "*"}]})") ==
      "test.json:1: /runPlans/1: another run plan for \"*\" is there already; give each its own.");
  CHECK(
      refusal(
          R"({"runs": [{"id": "r", "connectionId": "x", "startDateTime": "2026-02-30T12:00:00Z"}]})")
          .find("which is no time") != std::string::npos);
  CHECK(refusal(R"({"runPlans": [{"connectionId": "*", "outcome": "success"}]})")
            .find("Did you mean \"Success\"?") != std::string::npos);
  FixtureStore store(ReadFixture(kRunsWorld));
  CHECK(store.Delete(Kind::kConnection, "d").outcome == Deletion::kDone);
  CHECK_FALSE(store.ReadRun("of-d"));
  CHECK_FALSE(store.ReadRunPlan("d"));
  CHECK(store.ReadRun("old"));
}
