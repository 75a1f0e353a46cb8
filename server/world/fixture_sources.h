// Where fixture texts come from: files, folders of them, standard input.
// Threads: any; standard input is read once.
#pragma once

#include <string>
#include <vector>

#include "world/fixture_file.h"

namespace emulator {

// The texts of all sources, in order. A folder stands for its *.json files by name, an empty one
// for none, "-" for standard input. Throws FixtureError when something cannot be read, and for a
// folder that holds only other things: it is hardly the one that was meant.
std::vector<FixtureText> ReadSources(const std::vector<std::string>& sources);

// Tells when sources may have changed, by the times and sizes of their files. It asks, instead of
// being told by the system, because nobody is told of a change that comes through a mounted folder
// of a container. Standard input never changes.
class SourceWatch {
 public:
  explicit SourceWatch(std::vector<std::string> sources);

  // True when anything is other than at the last call, or at construction.
  bool HasChanged();

 private:
  std::string Look() const;

  const std::vector<std::string> sources_;
  std::string seen_;
};

}  // namespace emulator
