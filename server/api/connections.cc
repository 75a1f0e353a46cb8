#include "api/connections.h"

namespace emulator {

Outcome GetConnection(const Call& call) {
  // The page does not say whether a stranger learns that a connection exists. We look up first [U]:
  // an unknown id is 404 for everyone. Ids are opaque: one that could never be is unknown, too.
  const FixtureStore& fixtures = *call.snapshot.fixtures;
  const auto row = fixtures.FindConnection(call.parameters["connectionId"]);
  if (!row) return RefuseFor(causes::kConnectionUnknown);

  const std::string* user = call.token.user();
  if (!user) return RefuseFor(causes::kUserMissing);
  if (!fixtures.MayRead(*user, row->id)) return RefuseFor(causes::kPermissionMissing);

  return {{.headers = {{"Content-Type", "application/json"}}, .body = RenderConnection(*row)}};
}

std::string RenderConnection(const ConnectionRow& row) {
  constexpr std::string_view kOpening = R"({"connection":)";
  std::string body;
  body.reserve(kOpening.size() + row.json.size() + 1);
  body += kOpening;
  body += row.json;
  body += '}';
  return body;
}

}  // namespace emulator
