// What a request gets that no row of a route table is for: the same for the vendor's API and for
// the emulator's own. Threads: pure.
#pragma once

#include <optional>

#include "api/operations.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace emulator::api {

// 404, 405 with Allow, 400; or 204 with Allow for OPTIONS. nullopt when a row was found.
std::optional<HandlerResult> AnswerUnmatched(const http::RouteMatch& match);

// True for a CORS preflight (Fetch standard): answered whatever the path, so that a browser's
// client then sees the real answer, 404 and 405 too.
bool IsPreflight(const http::Request& request);
http::Response AnswerPreflight(const http::Request& request);

}  // namespace emulator::api
