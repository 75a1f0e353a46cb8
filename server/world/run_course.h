// What a run is at a time. A run is its start and its course, and nothing of it is kept but these:
// whoever moves the World's clock, forth or back, moves it.
//
// [D] the states and results are the vendor's; [U] which of the states follow each other, and when:
// Queued, then Executing for most of the time, then Finalizing, then Completed. Before its start,
// as after the clock was set back, a run is NotStarted.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string_view>

#include "world/clock.h"
#include "world/rows.h"

namespace emulator {

struct RunProgress {
  std::string_view state;
  std::string_view result;  // "Undetermined" until it is completed
  Time start;
  std::optional<Time> work;  // when a job took it up; absent: not yet
  std::optional<Time> done;  // when the job was done
  std::optional<Time> end;   // when the run was

  bool IsOver() const { return end.has_value(); }
};

// REQUIRES: a run whose start is a time.
RunProgress ProgressOf(const Run& run, Time now);

// The run with the course that it had if it is completed with this outcome now. Before its start it
// is completed at its start.
Run FinishedNow(Run run, std::string outcome, Time now);

}  // namespace emulator
