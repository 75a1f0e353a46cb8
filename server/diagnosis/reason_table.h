// All reasons of the program in one table: the vendor API's (api/reasons.h) and the identity
// service's (oauth/reasons.h).
// Threads: constants and pure functions.
#pragma once

#include <span>
#include <string_view>

#include "api/reasons.h"

namespace emulator::diagnosis {

// In the order of the two files.
std::span<const api::Reason* const> AllReasons();
// nullptr: no reason has that code.
const api::Reason* FindReason(std::string_view code);

}  // namespace emulator::diagnosis
