// Answers to requests that match no row of a route table, and to CORS preflights; the same for all
// faces.
// Threads: pure.
#pragma once

#include <optional>

#include "api/operations.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace emulator::api {

// 404, 405 with Allow, 400; or 204 with Allow for OPTIONS. nullopt: a row matched.
std::optional<HandlerResult> AnswerUnmatched(const http::RouteMatch& match);

// True for a CORS preflight (Fetch standard). It is answered on every path, so that a browser then
// sees the real answer, including 404 and 405.
bool IsPreflight(const http::Request& request);
http::Response AnswerPreflight(const http::Request& request);

}  // namespace emulator::api
