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
  CHECK(MatchesPath("*", "/a/b"));
  CHECK(MatchesPath("/a", "/a"));
  CHECK(MatchesPath("/Export/*", "/export/CONNECTIONS/x"));
  CHECK(MatchesPath("/a*", "/a"));
  CHECK(MatchesPath("/a**b", "/ab"));
  CHECK(MatchesPath("*/runs/*", "/export/connections/c/runs/r"));
  CHECK(MatchesPath("/*a*b", "/xaxbxaxb"));
  CHECK_FALSE(MatchesPath("/a", "/a/"));
  CHECK_FALSE(MatchesPath("/a", "/ab"));
  CHECK_FALSE(MatchesPath("/a*", "/ba"));
  CHECK_FALSE(MatchesPath("/*a*b", "/xbxa"));
}

TEST_CASE("a path also matches after it is percent-decoded once") {
  CHECK(MatchesPath("/a b", "/a%20b"));
  CHECK(MatchesPath("/a%20b", "/a%20b"));
  CHECK_FALSE(MatchesPath("/a b", "/a%2520b"));
  CHECK_FALSE(MatchesPath("/a", "/%zz"));
  CHECK(MatchesPath("/a%20b", "/a%2520b"));
  CHECK_FALSE(MatchesPath("/a b", "/a%2"));
}

TEST_CASE("many stars do not take exponential time") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  CHECK_FALSE(MatchesPath(pattern + "b", std::string(8000, 'a')));
}
