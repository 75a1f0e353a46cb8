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

TEST_CASE("a parameter is found whatever its case, and however its $ is written") {
  CHECK(Found("imodelId=a", "imodelId") == "a");
  CHECK(Found("iModelId=a", "imodelId") == "a");
  CHECK(Found("a=b&%24top=5", "$top") == "5");
  CHECK(Found("$TOP=5", "$top") == "5");
  CHECK(Found("x=https%3A%2F%2Fa.b%2F%3Fc%3Dd", "x") == "https://a.b/?c=d");
  CHECK(Found("x=https://a.b", "x") == "https://a.b");
  CHECK(Found("x", "x").empty());
  CHECK(Found("y=1", "x") == "(not there)");
}

TEST_CASE("one that is there twice, or broken, has no value") {
  CHECK(Found("x=1&X=2", "x") == "(no value)");
  CHECK(Found("x=%zz", "x") == "(no value)");
}

TEST_CASE("numbers are whole ones within their bounds") {
  CHECK(ReadNumber("1", 1, 1000) == 1);
  CHECK(ReadNumber("1000", 1, 1000) == 1000);
  for (const char* text : {"", "0", "1001", "-1", "+1", "1.0", "1 ", "0x1", "99999999999999999999"})
    CHECK_MESSAGE(!ReadNumber(text, 1, 1000), text);
}

TEST_CASE("a value in a link is escaped but for what is plain") {
  CHECK(PercentEncode("aZ09-._~") == "aZ09-._~");
  CHECK(PercentEncode("a b/?&\xc3\xa9") == "a%20b%2F%3F%26%C3%A9");
}
