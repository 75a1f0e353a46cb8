// The settings that commands share, as tables of rows. A command adds its own rows in its file.
// Threads: values. The options given must outlive the rows.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/setting.h"

namespace emulator::cli {

// `exec` picks free ports and ignores the port variables: they belong to an emulator of `serve`.
enum class PortVariables { kRead, kIgnore };

Setting HostSetting(std::string& host, const char* meaning);
Setting PortSetting(int& port, const char* meaning);
Setting ControlTokenSetting(std::string& token, const char* meaning);

SettingGroup ListenSettings(ListenOptions& options, PortVariables variables);
SettingGroup TlsSettings(TlsOptions& options, PortVariables variables);
SettingGroup FixtureSettings(FixtureOptions& options);
SettingGroup BehaviourSettings(BehaviourOptions& options);
SettingGroup ControlSettings(ControlOptions& options);
SettingGroup LogSettings(LogOptions& options);

// Settings and the argument URL of the commands that call a running emulator.
SettingGroup RemoteSettings(RemoteOptions& options);
Operand UrlOperand(RemoteOptions& options);

// The names for --assume, for the notes of help.
std::string AssumptionsNote();

// The group with more rows.
SettingGroup With(SettingGroup group, std::vector<Setting> more);

}  // namespace emulator::cli
