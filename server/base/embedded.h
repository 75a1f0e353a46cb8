// The files that the program carries inside itself: schema/ and data/, put here by the build.
// Nothing but the program is needed at run time.
#pragma once

#include <string_view>

namespace emulator::embedded {

extern const std::string_view kFixturesSql;     // schema/fixtures.sql
extern const std::string_view kRunsSql;         // schema/runs.sql
extern const std::string_view kFixturesSchema;  // schema/fixtures.schema.json
extern const std::string_view kDefaultWorld;    // data/fixtures.json
extern const std::string_view kControlApi;      // schema/control.openapi.json
extern const std::string_view kExportApi;       // schema/openapi.json

}  // namespace emulator::embedded
