#include "world/fixture_sources.h"

#include "temporary_folder.h"
#include "world.h"

using namespace emulator;
namespace fs = std::filesystem;

TEST_CASE("a folder stands for its .json files by name, and order is kept") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary / "folder";
  fs::create_directory(folder);
  for (const char* file : {"b.json", "a.json", "c.txt"}) std::ofstream(folder / file) << file;
  fs::create_directory(folder / "d.json");
  fs::create_directory(folder / "empty");

  const auto texts = ReadSources({(folder / "c.txt").string(), folder.string()});
  REQUIRE(texts.size() == 3);
  CHECK(texts[0].text == "c.txt");
  CHECK(texts[1].name == (folder / "a.json").string());
  CHECK(texts[2].text == "b.json");
  CHECK(ReadSources({(folder / "empty").string()}).empty());
  fs::create_directory(folder / "other");
  std::ofstream(folder / "other" / "README.md") << "x";
  CHECK_THROWS_AS(ReadSources({(folder / "other").string()}), FixtureError);
}

TEST_CASE("what cannot be read is told by name, all of it") {
  try {
    ReadSources({"/no/such/a.json", "/no/such/b.json"});
    FAIL("was taken");
  } catch (const FixtureError& error) {
    CHECK(std::string(error.what()) ==
          "/no/such/a.json: cannot be read: No such file or directory. Name a fixture file that "
          "you may read.\n"
          "/no/such/b.json: cannot be read: No such file or directory. Name a fixture file that "
          "you may read.");
  }
}
