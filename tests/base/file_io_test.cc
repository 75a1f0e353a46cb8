#include "base/file_io.h"

#include <filesystem>
#include <stdexcept>

#include "support/temporary_folder.h"
#include "support/thrown.h"

using namespace emulator;

TEST_CASE("a written file is read back, and leaves no temporary file") {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  for (const std::string& text : {std::string("a\0b\n", 4), std::string()}) {
    WriteFile(file, text, "the file");
    CHECK(ReadFile(file) == text);
  }
  CHECK_FALSE(std::filesystem::exists(file + ".new"));
}

TEST_CASE("errors name the file and what to do") {
  const TemporaryFolder folder;
  const std::string missing = folder / "missing/file";
  const auto read = [](const std::string& file) {
    return Thrown<std::runtime_error>([&] { ReadFile(file); });
  };
  CHECK(read(missing) == "cannot read " + missing + ". Name an existing file.");
  CHECK(read(folder / "").find("which is a folder") != std::string::npos);
  const std::string error =
      Thrown<std::runtime_error>([&] { WriteFile(missing, "text", "the port file"); });
  CHECK(error.starts_with("cannot write the port file " + missing + ": "));
}
