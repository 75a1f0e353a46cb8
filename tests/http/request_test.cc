#include "http/request.h"

#include <doctest/doctest.h>

using namespace emulator::http;

TEST_CASE("the path is the target before its question mark") {
  CHECK(Request{.target = "/a/b?c?d"}.Path() == "/a/b");
  CHECK(Request{.target = "/a"}.Path() == "/a");
}
