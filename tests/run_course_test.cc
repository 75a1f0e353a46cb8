#include "world/run_course.h"

#include "world.h"

using namespace emulator;
using namespace std::chrono_literals;

namespace {

const Run kRun{.id = "r",
               .connection = "c",
               .start = "2026-11-24T12:00:00Z",
               .course = {.outcome = "Error", .queued = 2s, .running = 10s}};

RunProgress After(std::chrono::milliseconds time) {
  return ProgressOf(kRun, kNoon + time);
}

}  // namespace

TEST_CASE("a run goes through its states by the time it is looked at") {
  struct Row {
    std::chrono::milliseconds after;
    const char* state;
    const char* result;
  };
  const Row rows[] = {{-1ms, "NotStarted", "Undetermined"},
                      {0ms, "Queued", "Undetermined"},
                      {1999ms, "Queued", "Undetermined"},
                      {2000ms, "Executing", "Undetermined"},
                      {10999ms, "Executing", "Undetermined"},
                      {11000ms, "Finalizing", "Undetermined"},
                      {11999ms, "Finalizing", "Undetermined"},
                      {12000ms, "Completed", "Error"},
                      {std::chrono::hours(1000), "Completed", "Error"}};
  for (const Row& row : rows) {
    const RunProgress progress = After(row.after);
    INFO(row.after.count());
    CHECK(progress.state == row.state);
    CHECK(progress.result == row.result);
    CHECK(progress.IsOver() == (std::string(row.state) == "Completed"));
  }
}

TEST_CASE("what has happened has its time, and what has not has none") {
  CHECK_FALSE(After(1s).work);
  CHECK(After(5s).work == kNoon + 2s);
  CHECK_FALSE(After(5s).done);
  CHECK(After(11s).done == kNoon + 11s);
  CHECK_FALSE(After(11s).end);
  CHECK(After(20s).end == kNoon + 12s);
}

TEST_CASE("a run that takes no time is over when it starts") {
  Run run = kRun;
  run.course.queued = run.course.running = 0ms;
  CHECK(ProgressOf(run, kNoon).state == "Completed");
}

TEST_CASE("a run that is finished is over then, with the outcome that it was given") {
  for (const auto after : {0ms, 1000ms, 5000ms, 90000ms}) {
    const Run finished = FinishedNow(kRun, "TimedOut", kNoon + after);
    const RunProgress progress = ProgressOf(finished, kNoon + after);
    CHECK(progress.result == "TimedOut");
    CHECK(progress.end == kNoon + after);
    CHECK(ProgressOf(finished, kNoon + after - 1ms).IsOver() == false);
  }
  CHECK(ProgressOf(FinishedNow(kRun, "Success", kNoon - 5s), kNoon).IsOver());
}
