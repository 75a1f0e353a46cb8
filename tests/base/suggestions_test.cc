#include "base/suggestions.h"

#include "support/world.h"

using namespace emulator;

TEST_CASE("a similar name is suggested") {
  const std::vector<std::string> names{"displayName", "id", "iModelId", "--port"};
  CHECK(DidYouMean("displayname", names) == " Did you mean \"displayName\"?");
  CHECK(DidYouMean("dispalyName", names) == " Did you mean \"displayName\"?");
  CHECK(DidYouMean("imodelid", names) == " Did you mean \"iModelId\"?");
  CHECK(DidYouMean("--prot", names) == " Did you mean \"--port\"?");
}

TEST_CASE("nothing is suggested if no name is similar") {
  CHECK(DidYouMean("--cors", {"--port"}) == "");
  CHECK(DidYouMean("xyz", {"displayName", "id"}) == "");
  CHECK(DidYouMean("ab", {"id"}) == "");
  CHECK(DidYouMean("x", {}) == "");
  CHECK(DidYouMean(std::string(100'000, 'x'), {"id"}) == "");
}
