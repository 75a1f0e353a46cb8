#include "http/headers.h"

#include <doctest/doctest.h>

using namespace emulator::http;

TEST_CASE("header names compare without case and keep their order") {
  Headers headers{{"Accept", "a"}, {"X-A", "1"}, {"x-a", "2"}};
  CHECK(*headers.Find("ACCEPT") == "a");
  CHECK(*headers.Find("X-a") == "1");
  CHECK(headers.Count("X-A") == 2);
  CHECK(headers.Find("Accep") == nullptr);
  headers.Set("x-A", "3");
  CHECK(headers.Count("X-A") == 1);
  CHECK(*headers.Find("X-A") == "3");
}
