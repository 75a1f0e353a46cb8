// A command of the program: a row of the table in commands.cc.
// Threads: values.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/setting.h"

namespace emulator::cli {

// A command with options of its own. `syntax` sets the options, `run` uses them and returns an exit
// code.
struct PreparedCommand {
  Syntax syntax;
  std::function<int()> run;
};

struct Command {
  std::string_view name;
  std::string_view summary;
  PreparedCommand (*prepare)();
  int failure_code = 0;  // the exit code if the command fails with an exception; 0: by its type
};

template <typename Options, Syntax (*Describe)(Options&), int (*Run)(const Options&)>
PreparedCommand Prepare() {
  auto options = std::make_shared<Options>();
  Syntax syntax = Describe(*options);
  return {std::move(syntax), [options] { return Run(*options); }};
}

// The options of a command that has none.
struct NoOptions {};
inline Syntax NoSyntax(NoOptions&) {
  return {};
}

// Every command, in the order of help.
std::span<const Command> Commands();
std::vector<std::string> CommandNames();
// nullptr: unknown.
const Command* FindCommand(std::string_view name);

// Every variable that the program reads or gives to the command of `exec`.
std::vector<std::string> KnownVariables();

}  // namespace emulator::cli
