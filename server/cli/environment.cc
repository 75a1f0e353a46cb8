#include "cli/environment.h"

#include <unistd.h>

#include <string_view>

namespace emulator::cli {

Environment ReadEnvironment() {
  Environment environment;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals + 1 < text.size() && equals != std::string_view::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace emulator::cli
