// Every setting, as a table for each command: flag, variable, default, meaning, and how its value
// is judged and taken. cli/options.cc reads them from the command line and the environment.
// Threads: values.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/options.h"

namespace emulator::cli {

// One setting of a command. Values reach `take` with the place they came from, for its sentence.
struct Setting {
  const char* flag;
  const char* variable;  // behind EXPORT_EMULATOR_; nullptr: it has none
  const char* value;     // what --help calls it; nullptr: a switch, given without one
  const char* initial;   // the default, for --help
  const char* meaning;
  bool repeatable;
  std::function<void(const std::string& place, const std::string& value)> take;
};

// Takes a text that may not be empty.
void ParseText(std::string& to, const std::string& place, const std::string& value);
// Takes the URL of an emulator.
void ParseUrl(std::string& to, const std::string& place, const std::string& value);

// The options must outlive what they give.
std::vector<Setting> ServeSettings(Options& options);
std::vector<Setting> ExecSettings(Options& options);
std::vector<Setting> WhySettings(Options& options);
std::vector<Setting> TokenSettings(Options& options);
std::vector<Setting> HealthcheckSettings(Options& options);
std::vector<Setting> OutcomesSettings(Options& options);

}  // namespace emulator::cli
