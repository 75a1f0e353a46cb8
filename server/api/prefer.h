// `Prefer: code=429`: one request asks for the answer it wants, as contract-test tools spell it.
// RFC 7240 says how the header is written. Threads: pure.
#pragma once

#include <optional>

#include "api/operations.h"
#include "http/request.h"

namespace emulator::api {

// What the preference `code` of a request decides: the refusal of the operation's page with that
// status, or a 400 of ours where its page shows none. nullopt: the request has no such preference,
// or asks for a success, which the gates give or not. Other preferences are passed over, as RFC
// 7240 wants it.
std::optional<HandlerResult> AnswerPreference(const http::Request& request,
                                              const Operation& operation,
                                              const world::ApiProfile& profile);

}  // namespace emulator::api
