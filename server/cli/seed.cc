#include "cli/seed.h"

#include <utility>

#include "base/embedded.h"
#include "fixtures/fixture_sources.h"

namespace emulator::cli {

fixtures::FixtureSet LoadSeed(const std::vector<std::string>& sources,
                              const std::function<void(std::string_view notice)>& notify) {
  auto texts = fixtures::ReadSources(sources);
  if (texts.empty()) {
    texts = {{"data/fixtures.json", std::string(embedded::kDefaultWorld)}};
    if (!sources.empty()) notify("--fixtures: no *.json file found; serving the default world");
  }
  return fixtures::ReadFixtures(std::move(texts));
}

}  // namespace emulator::cli
