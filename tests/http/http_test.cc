#include "http/http.h"

#include "support/world.h"

using namespace emulator;
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

TEST_CASE("only ASCII letters are equal without case") {
  CHECK(EqualIgnoringCase("aZ-[", "Az-["));
  CHECK_FALSE(EqualIgnoringCase("[", "{"));
  CHECK_FALSE(EqualIgnoringCase("a", "aa"));
}

TEST_CASE("the path is the target up to its question mark") {
  CHECK(Request{.target = "/a/b?c?d"}.Path() == "/a/b");
  CHECK(Request{.target = "/a"}.Path() == "/a");
}
