// Paged lists: $top and $skip, and the links to other pages.
//
// [D] $skip is applied before $top; unsupported values are an error; lists have the links `self`,
// `prev` and `next`. [U] The pages do not show the error, nor the default page size
// (ours: 50, as in the examples), nor the largest (ours: 1000, as the platform documents for its
// lists), nor whether `prev` and `next` are omitted at the ends (ours: yes). [D] In the examples,
// links to further connections lack imodelId, and links to runs have '&' instead of '?'; our links
// work.
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

// Appends an entry to `invalid` for each invalid parameter.
fixtures::PageRange ReadPageRange(const http::Request& request, std::vector<ErrorDetail>& invalid);

// {"self": {"href": ...}, "prev"?: ..., "next"?: ...}. `url`: the list's URL up to the two
// parameters, ending with '?' or '&'. `total`: the number of items on all pages.
nlohmann::ordered_json PageLinks(const std::string& url, const fixtures::PageRange& range,
                                 int64_t total);

}  // namespace emulator::api
