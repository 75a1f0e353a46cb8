// Renders a run as the vendor's answers show it, with its job and its tasks.
//
// [D] Members, states, results, the error's values, and an id for each. [U] The number of jobs and
// tasks (one of each, two tasks for PartialSuccess); endDateTime is absent until the end; only a
// successful task has an output file. The ids of jobs and tasks are derived from the run's id.
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
