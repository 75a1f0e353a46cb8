#include "cli/runtime_file.h"

#include <filesystem>

#include "base/file_io.h"
#include "support/temporary_folder.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("a runtime file removes that of an earlier run, and itself at its end") {
  const TemporaryFolder folder;
  const std::string path = folder / "port";
  WriteFile(path, "1\n", "the file");
  {
    RuntimeFile file(path, "the port file");
    CHECK_FALSE(std::filesystem::exists(path));
    file.Write("2\n");
    CHECK(ReadFile(path) == "2\n");
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("without a name nothing is written") {
  RuntimeFile file("", "the port file");
  file.Write("x");
  file.Remove();
}
