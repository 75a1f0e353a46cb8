#include "cli/seed.h"

#include "base/file_io.h"
#include "support/temporary_folder.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

size_t ConnectionsOf(const std::vector<std::string>& sources, std::string& notices) {
  return LoadSeed(sources, [&](std::string_view notice) { notices += notice; })
      .connections.items.size();
}

}  // namespace

TEST_CASE("the seed is the default world, or the fixtures of the sources") {
  const TemporaryFolder folder;
  std::string notices;
  CHECK(ConnectionsOf({}, notices) > 1);
  CHECK(notices.empty());
  CHECK(ConnectionsOf({folder / ""}, notices) > 1);
  CHECK(notices.find("default world") != std::string::npos);
  WriteFile(folder / "a.json", R"({"connections": [{"id": "a"}]})", "the file");
  CHECK(ConnectionsOf({folder / ""}, notices) == 1);
}
