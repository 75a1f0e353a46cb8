// `Prefer: code=429`: a request chooses the status of its answer, as contract-test tools do. RFC
// 7240 defines the header. Threads: pure.
#pragma once

#include <optional>

#include "api/operations.h"
#include "http/request.h"

namespace emulator::api {

// The answer that the preference `code` chooses: the operation's error with that status, or a 400
// of ours if its page documents none. nullopt: the request has no such preference, or prefers a
// success, which the gates decide. Other preferences are ignored, as RFC 7240 requires.
std::optional<HandlerResult> AnswerPreference(const http::Request& request,
                                              const Operation& operation,
                                              const world::ApiProfile& profile);

}  // namespace emulator::api
