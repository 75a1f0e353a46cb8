#include "api/operations.h"

#include <doctest/doctest.h>

#include <set>

using namespace emulator;
using namespace emulator::api;

TEST_CASE("an operation is found by its name") {
  for (const Operation& operation : Operations())
    CHECK(FindOperation(operation.name) == &operation);
  CHECK(FindOperation("no-such-operation") == nullptr);
}

TEST_CASE("an operation's statuses are its successes and refusals, without duplicates") {
  CHECK(FindOperation("create-export-connection-run")->Statuses() ==
        std::vector<int>{202, 303, 401, 403, 404, 409, 422, 429});
}

TEST_CASE("the current edition requires the platform's scope and has its own 429") {
  const Operation& get = *FindOperation("get-export-connection");
  CHECK(get.ScopesIn(world::Edition::kPage) ==
        std::vector<std::string_view>{"export:read", kPlatformScope});
  CHECK(get.ScopesIn(world::Edition::kCurrent) == std::vector<std::string_view>{kPlatformScope});
  CHECK(&get.In(world::Edition::kPage, errors::kTooManyRequests) == &errors::kTooManyRequests);
  CHECK(&get.In(world::Edition::kCurrent, errors::kTooManyRequests) == &errors::kRateLimitExceeded);
  const Operation& information = *FindOperation("get-authorization-information");
  CHECK(&information.In(world::Edition::kCurrent, errors::kTooManyRequests) ==
        &errors::kTooManyRequests);
}

TEST_CASE("the scopes of all operations are listed once") {
  CHECK(Scopes() == std::vector<std::string>{"export:modify", "export:read", "itwin-platform"});
}
