#include "api/parameters.h"

#include "base/text.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

namespace {

std::string Found(const std::string& query, const char* name) {
  const Parameter parameter = FindParameter(Get("/x?" + query), name);
  if (!parameter.is_there) return "(not there)";
  return parameter.value.value_or("(no value)");
}

}  // namespace

TEST_CASE("a parameter is found in any case, with $ plain or percent-encoded") {
  CHECK(Found("imodelId=a", "imodelId") == "a");
  CHECK(Found("iModelId=a", "imodelId") == "a");
  CHECK(Found("a=b&%24top=5", "$top") == "5");
  CHECK(Found("$TOP=5", "$top") == "5");
  CHECK(Found("x=https%3A%2F%2Fa.b%2F%3Fc%3Dd", "x") == "https://a.b/?c=d");
  CHECK(Found("x=https://a.b", "x") == "https://a.b");
  CHECK(Found("x", "x").empty());
  CHECK(Found("y=1", "x") == "(not there)");
}

TEST_CASE("a repeated or malformed parameter has no value") {
  CHECK(Found("x=1&X=2", "x") == "(no value)");
  CHECK(Found("x=%zz", "x") == "(no value)");
}

TEST_CASE("a value in a link is percent-encoded") {
  CHECK(PercentEncode("aZ09-._~") == "aZ09-._~");
  CHECK(PercentEncode("a b/?&\xc3\xa9") == "a%20b%2F%3F%26%C3%A9");
}
