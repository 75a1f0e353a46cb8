#include "http/path_pattern.h"

#include <doctest/doctest.h>

#include <string>

using namespace emulator::http;

TEST_CASE("a pattern without a star matches the whole path, without regard to case") {
  CHECK(MatchesPath("/export/connections", "/export/Connections"));
  CHECK_FALSE(MatchesPath("/export/connections", "/export/connections/"));
  CHECK_FALSE(MatchesPath("/export/connections", "/export"));
  CHECK(MatchesPath("", ""));
  CHECK_FALSE(MatchesPath("", "/"));
}

TEST_CASE("a star matches any characters, also none and slashes") {
  for (const char* path : {"/a/c", "/a/b/c", "/a//c/c"}) CHECK(MatchesPath("/a/*c", path));
  CHECK(MatchesPath("*", ""));
  CHECK(MatchesPath("**", "/a"));
  CHECK(MatchesPath("/*/runs/*", "/export/connections/1/runs/2"));
  CHECK_FALSE(MatchesPath("/*/runs/*", "/export/connections/1/runs"));
  CHECK_FALSE(MatchesPath("/a/*c", "/a/b"));
  CHECK(MatchesPath("*ab*ab", "/abaabab"));
}

TEST_CASE("a path also matches after it is percent-decoded once") {
  CHECK(MatchesPath("/a b", "/a%20b"));
  CHECK(MatchesPath("/a%20b", "/a%20b"));
  CHECK_FALSE(MatchesPath("/a b", "/a%2520b"));
  CHECK_FALSE(MatchesPath("/a", "/%zz"));
}

TEST_CASE("many stars do not take exponential time") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK_FALSE(MatchesPath(pattern + "b", std::string(5000, 'a')));
}
