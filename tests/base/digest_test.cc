#include "base/digest.h"

#include "support/world.h"

using namespace emulator;

TEST_CASE("the short hash is the beginning of the SHA-256") {
  CHECK(ShortHash("abc") == "#ba7816bf8f");
  CHECK(ShortHash("") == "#e3b0c44298");
}
