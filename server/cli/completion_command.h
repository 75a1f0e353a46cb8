// `export-emulator completion`: prints a completion script for bash, zsh or fish, from the tables
// of commands and settings. Threads: one.
#pragma once

#include <string>

#include "cli/setting.h"

namespace emulator::cli {

enum class Shell { kBash, kZsh, kFish };

struct CompletionOptions {
  Shell shell = Shell::kBash;
};
Syntax CompletionSyntax(CompletionOptions& options);
int RunCompletion(const CompletionOptions& options);

std::string CompletionScript(Shell shell);

}  // namespace emulator::cli
