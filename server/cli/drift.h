// Compares a page of the vendor's documentation with the contract, schema/openapi.json, for
// `export-emulator drift`: a difference shows that the vendor's API has changed.
//
// The contract is taken in the edition `page`, the default. A page may lack what the contract marks
// as documented elsewhere or as undocumented, and the newer scope. For a request body and for
// schema tables, only members that the contract lacks are differences: no complete page that was
// seen has a body, and the tables lack members that the examples show.
//
// Threads: pure function.
#pragma once

#include <string>
#include <vector>

#include "cli/vendor_page.h"

namespace emulator::cli {

// A line for each difference, "PLACE: the page ...; the emulator ...", in the order of the page.
std::vector<std::string> Drift(const VendorPage& page);

}  // namespace emulator::cli
