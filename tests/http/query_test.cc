#include "http/query.h"

#include <doctest/doctest.h>

using namespace emulator::http;

TEST_CASE("a query is split into names and values, in order and as sent") {
  using Parts = std::vector<std::pair<std::string_view, std::string_view>>;
  CHECK(QueryParts("/a").empty());
  CHECK(QueryParts("/a?").empty());
  CHECK(QueryParts("/a?$top=2&$skip=0") == Parts{{"$top", "2"}, {"$skip", "0"}});
  CHECK(QueryParts("/a?b=2&b=1&b") == Parts{{"b", "2"}, {"b", "1"}, {"b", ""}});
  CHECK(QueryParts("/a?b=c=d&=e&%3D=%26") == Parts{{"b", "c=d"}, {"", "e"}, {"%3D", "%26"}});
  CHECK(QueryParts("/a?&&b=?&") == Parts{{"b", "?"}});
}

TEST_CASE("DecodeForm decodes percent signs and plus signs") {
  CHECK(DecodeForm("a+b%20c%2B") == "a b c+");
  CHECK(DecodeForm("") == "");
  for (const char* text : {"%", "a%2", "%zz", "%+1"}) CHECK_MESSAGE(!DecodeForm(text), text);
}
