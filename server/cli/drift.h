// `export-emulator drift`: what a page of the vendor's says otherwise than the contract,
// schema/openapi.json, has it; by that one sees when the vendor's API has moved on.
//
// The page is held against the edition `page`, which is the default. What the contract marks as
// documented elsewhere, or as not documented, may be missing on a page; the newer scope may be
// missing, too. Of a request's body, and of schema tables, only members that the contract lacks are
// told: no page that was seen whole has a body, and tables lack members that the examples show.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "cli/vendor_page.h"

namespace emulator::cli {

// A line for each difference, "PLACE: the page ...; the emulator ...", in the order of the page.
// None: there is no difference.
std::vector<std::string> Drift(const VendorPage& page);

}  // namespace emulator::cli
