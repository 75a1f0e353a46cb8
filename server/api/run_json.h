// A run as the vendor's answers show it, with its job and its tasks.
//
// [D] members, states, results, the error's values, an id for each; [U] how many jobs and tasks a
// run has (one of each, two tasks for PartialSuccess), that endDateTime is absent until it is over,
// and that only a task that succeeded has an output file. Ids of jobs and tasks follow from the
// run's.
//
// Threads: pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fixtures/model.h"
#include "world/api_profile.h"

namespace emulator::api {

enum class RunPlace { kAlone, kListed };

nlohmann::ordered_json ShowRun(const fixtures::Run& run, Time now, RunPlace place,
                               const world::ApiProfile& profile);

}  // namespace emulator::api
