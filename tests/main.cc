#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "support/source_folder.h"

std::string emulator::SourceFolder() {
  return SOURCE_FOLDER;
}

std::string emulator::GoldenFolder() {
  return SourceFolder() + "/tests/golden";
}
