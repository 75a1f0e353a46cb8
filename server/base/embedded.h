// The files of schema/ and data/ that the build embeds, so that the program needs no other file at
// run time.
// Threads: constants.
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
