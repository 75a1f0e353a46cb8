#include "api/paging.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

namespace {

std::string Wrong(const std::string& query) {
  std::vector<ErrorDetail> wrong;
  ReadPageRange(Get("/x?" + query), wrong);
  std::string targets;
  for (const ErrorDetail& detail : wrong) targets += detail.target + " ";
  return targets;
}

std::string Links(fixtures::PageRange range, int64_t total) {
  return PageLinks("http://e/list?", range, total).dump();
}

}  // namespace

TEST_CASE("the default page size is 50") {
  std::vector<ErrorDetail> wrong;
  const fixtures::PageRange usual = ReadPageRange(Get("/x"), wrong);
  CHECK(usual.top == 50);
  CHECK(usual.skip == 0);
  const fixtures::PageRange said = ReadPageRange(Get("/x?%24top=1000&$skip=7"), wrong);
  CHECK(said.top == 1000);
  CHECK(said.skip == 7);
  CHECK(wrong.empty());
}

TEST_CASE("details name each parameter that is not a valid number") {
  CHECK(Wrong("$top=0") == "$top ");
  CHECK(Wrong("$top=1001&$skip=-1") == "$top $skip ");
  CHECK(Wrong("$top=5&%24top=5") == "$top ");
  CHECK(Wrong("$skip=") == "$skip ");
}

TEST_CASE("links point to the previous and next pages if they exist") {
  CHECK(Links({0, 50}, 0) == R"({"self":{"href":"http://e/list?$skip=0&$top=50"}})");
  CHECK(Links({0, 2}, 2) == R"({"self":{"href":"http://e/list?$skip=0&$top=2"}})");
  CHECK(
      Links({0, 2}, 3) ==
      R"({"self":{"href":"http://e/list?$skip=0&$top=2"},"next":{"href":"http://e/list?$skip=2&$top=2"}})");
  CHECK(
      Links({1, 2}, 3) ==
      R"({"self":{"href":"http://e/list?$skip=1&$top=2"},"prev":{"href":"http://e/list?$skip=0&$top=2"}})");
  CHECK(
      Links({4, 2}, 9) ==
      R"({"self":{"href":"http://e/list?$skip=4&$top=2"},"prev":{"href":"http://e/list?$skip=2&$top=2"},)"
      R"("next":{"href":"http://e/list?$skip=6&$top=2"}})");
}
