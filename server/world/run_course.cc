#include "world/run_course.h"

#include <algorithm>

namespace emulator {

namespace {

// Of the time that a run takes, the share in which its job is done and its result is put away.
constexpr int kFinalizingShare = 10;

}  // namespace

RunProgress ProgressOf(const Run& run, Time now) {
  const RunCourse& course = run.course;
  RunProgress progress{.state = "NotStarted",
                       .result = "Undetermined",
                       .start = ParseTime(run.start).value(),
                       .work = {},
                       .done = {},
                       .end = {}};
  const Time work = progress.start + course.queued;
  const Time end = work + course.running;
  const Time done = end - course.running / kFinalizingShare;
  if (now < progress.start) return progress;
  progress.state = "Queued";
  if (now < work) return progress;
  progress.work = work;
  progress.state = "Executing";
  if (now < done) return progress;
  progress.done = done;
  progress.state = "Finalizing";
  if (now < end) return progress;
  progress.end = end;
  progress.state = "Completed";
  progress.result = course.outcome;
  return progress;
}

Run FinishedNow(Run run, std::string outcome, Time now) {
  using std::chrono::milliseconds;
  const auto past = std::max(std::chrono::floor<milliseconds>(now - ParseTime(run.start).value()),
                             milliseconds(0));
  run.course.outcome = std::move(outcome);
  run.course.queued = std::min(run.course.queued, past);
  run.course.running = past - run.course.queued;
  return run;
}

}  // namespace emulator
