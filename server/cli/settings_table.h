// The settings of every command as Markdown, for docs/settings.md.
// Threads: pure function.
#pragma once

#include <string>
#include <vector>

#include "cli/setting.h"

namespace emulator::cli {

// The groups of settings to document. `exec` has only the settings that differ from those of
// `serve`.
std::vector<SettingGroup> GroupsToDocument(const Syntax& syntax);

// "All options of `serve` except `--watch` ..." for `exec`, else an empty text.
std::string SharedSettingsNote(const Syntax& syntax);

// A heading for each command and group, and a table: flag, variable, default, meaning.
std::string SettingsTable();

}  // namespace emulator::cli
