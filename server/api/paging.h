// Lists in pages: $top and $skip, and the links that lead on.
//
// [D] $skip is applied before $top; values that are not supported are an error; lists have links
// `self`, `prev` and `next`. [U] what that error is, how many items a page has when nothing is said
// (50, as in the examples), and at most (1000, as the platform says of its lists); that `prev` and
// `next` are left out at the ends. [D] the examples' links to further connections lack imodelId,
// and those to runs have '&' for '?': ours can be followed.
//
// Threads: pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "api/errors.h"
#include "fixtures/connection_queries.h"
#include "http/request.h"

namespace emulator::api {

// What is wrong with the two is added to `wrong`.
fixtures::PageRange ReadPageRange(const http::Request& request, std::vector<ErrorDetail>& wrong);

// {"self": {"href": ...}, "prev"?: ..., "next"?: ...}. `url`: of the list, up to the two
// parameters: it ends with '?' or '&'. `total`: how many items there are.
nlohmann::ordered_json PageLinks(const std::string& url, const fixtures::PageRange& range,
                                 int64_t total);

}  // namespace emulator::api
