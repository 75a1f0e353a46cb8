#include "control/query.h"

#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;

namespace {

constexpr std::string_view kKnown[] = {"since", "limit"};

std::variant<Query, http::Response> ReadPlainQuery(
    const std::string& query, std::span<const std::string_view> known = kKnown) {
  return ReadQuery(http::Request{.method = "GET", .target = "/_emulator/requests" + query}, known);
}

// "(none)" if not given.
std::string ValueIn(const std::string& query, std::string_view name) {
  const auto read = ReadPlainQuery(query);
  REQUIRE_MESSAGE(std::holds_alternative<Query>(read), query);
  const std::string* value = std::get<Query>(read).Find(name);
  return value ? *value : "(none)";
}

// "MESSAGE [TARGET]" of the refusal.
std::string QueryRefusalOf(const std::string& query,
                           std::span<const std::string_view> known = kKnown) {
  const auto read = ReadPlainQuery(query, known);
  REQUIRE_MESSAGE(std::holds_alternative<http::Response>(read), query);
  const http::Response& response = std::get<http::Response>(read);
  CHECK(response.status == 422);
  const auto error = BodyOf(response)["error"];
  CHECK(error["code"] == "InvalidQuery");
  return error["message"].get<std::string>() + " [" + error.value("target", "") + "]";
}

}  // namespace

TEST_CASE("a query is read by name, in any order and case, decoded") {
  CHECK(ValueIn("?since=5&limit=7", "since") == "5");
  CHECK(ValueIn("?limit=7&SINCE=5", "since") == "5");
  CHECK(ValueIn("?limit=7", "since") == "(none)");
  CHECK(ValueIn("?%73ince=a%20b", "since") == "a b");
  CHECK(ValueIn("?since=a+b%2Bc", "since") == "a b+c");
  CHECK(ValueIn("?since=a=b", "since") == "a=b");
  CHECK(ValueIn("?since=%E2%82%AC", "since") == "\xe2\x82\xac");
}

TEST_CASE("no query, an empty query and empty pairs have no parameters") {
  for (const char* query : {"", "?", "?&", "?&&"}) CHECK(ValueIn(query, "since") == "(none)");
  CHECK(ValueIn("?&since=5&", "since") == "5");
  CHECK(std::holds_alternative<Query>(ReadPlainQuery("", {})));
}

TEST_CASE("an unknown parameter is refused with a suggestion") {
  CHECK(QueryRefusalOf("?snice=5") ==
        "Unknown query parameter \"snice\". Did you mean \"since\"? Known here: since, "
        "limit. [snice]");
  CHECK(QueryRefusalOf("?xyzzyxyzzy=5") ==
        "Unknown query parameter \"xyzzyxyzzy\". Known here: since, limit. [xyzzyxyzzy]");
  CHECK(QueryRefusalOf("?since=1", {}) ==
        "This call takes no query parameters; leave out what follows the '?'. []");
  CHECK(QueryRefusalOf("?=5").find("Unknown query parameter \"\"") != std::string::npos);
}

TEST_CASE("an empty value, a name given twice and a broken percent sign are refused") {
  CHECK(QueryRefusalOf("?since=") ==
        "The query parameter \"since\" is empty; leave it out. [since]");
  CHECK(QueryRefusalOf("?since") ==
        "The query parameter \"since\" is empty; leave it out. [since]");
  CHECK(QueryRefusalOf("?since=1&Since=1") ==
        "The query parameter \"since\" is given twice; give it once. [since]");
  for (const char* query : {"?since=%", "?since=%4", "?since=%zz", "?%zz=1"})
    CHECK(QueryRefusalOf(query) ==
          "The query has a '%' that is not followed by two hexadecimal digits. Write '%25' for "
          "'%'. []");
}

TEST_CASE("a name that is not UTF-8 is refused") {
  CHECK(QueryRefusalOf("?%FF%00=1").find("Unknown query parameter") != std::string::npos);
}
