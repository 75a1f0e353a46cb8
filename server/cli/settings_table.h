// The settings of every command as Markdown, for docs/settings.md.
// Threads: pure function.
#pragma once

#include <string>

namespace emulator::cli {

// A heading for each command and group, and a table: flag, variable, default, meaning. `exec` shows
// only the settings that differ from those of `serve`.
std::string SettingsTable();

}  // namespace emulator::cli
