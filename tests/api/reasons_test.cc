#include "api/reasons.h"

#include <doctest/doctest.h>

#include <set>

using namespace emulator;
using namespace emulator::api;

TEST_CASE("every gate has its own name") {
  std::set<std::string_view> names;
  for (int gate = 0; gate <= static_cast<int>(Gate::kFailure); ++gate)
    names.insert(Name(static_cast<Gate>(gate)));
  CHECK(names.size() == static_cast<size_t>(Gate::kFailure) + 1);
  CHECK_FALSE(names.contains(""));
  CHECK(names.contains("http"));
}

TEST_CASE("every token rejection has its own reason at the gate authenticate") {
  std::set<std::string_view> codes;
  constexpr int kLast = static_cast<int>(tokens::TokenRejection::kUnknownClient);
  for (int rejection = 0; rejection <= kLast; ++rejection) {
    const Reason& reason = ReasonFor(static_cast<tokens::TokenRejection>(rejection));
    CHECK(reason.gate == Gate::kAuthenticate);
    codes.insert(reason.code);
  }
  CHECK(codes.size() == kLast + 1);
}
