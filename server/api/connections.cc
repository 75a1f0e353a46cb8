#include "api/connections.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/connection_json.h"
#include "api/paging.h"
#include "api/parameters.h"
#include "world/fixture_json.h"

namespace emulator {

namespace {

// [U] What makes an id "not valid" for the vendor, rather than unknown. Ours: a character that no
// documented id has.
bool CanBeId(const std::string& id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  });
}

}  // namespace

Permitted Permit(const Call& call) {
  // The page does not say whether a stranger learns that a connection exists. We look up first [U]:
  // an unknown id is 404 for everyone. Ids are opaque: one that could never be is unknown, too.
  const FixtureStore& fixtures = *call.snapshot.fixtures;
  auto row = fixtures.FindConnection(call.parameters["connectionId"]);
  if (!row) return {nullptr, &causes::kConnectionUnknown};

  const std::string* user = call.token.user();
  if (!user) return {nullptr, &causes::kUserMissing};
  if (!fixtures.MayRead(*user, row->id)) return {nullptr, &causes::kPermissionMissing};
  return {std::move(row)};
}

Outcome GetConnection(const Call& call) {
  const Permitted permitted = Permit(call);
  if (permitted.refused) return RefuseFor(*permitted.refused);
  const std::string& json = permitted.connection->json;
  return {AnswerWith(
      RenderConnection(ShowConnection(json, ConnectionPlace::kAlone, call.snapshot.rendition)))};
}

Outcome ListConnections(const Call& call) {
  std::vector<ErrorDetail> wrong;
  const Parameter i_model = FindParameter(call.request, "imodelId");
  if (i_model.value.value_or("").empty()) wrong.push_back(InvalidValue("imodelId"));
  const PageRange range = ReadPageRange(call.request, wrong);
  if (!wrong.empty()) return RefuseFor(causes::kQueryInvalid, wrong);

  const std::string* user = call.token.user();
  const ConnectionPage page =
      call.snapshot.fixtures->ListConnections(*i_model.value, user ? *user : "", range);
  // [D] 404 and 403 are on the page; [U] of what: that the iModel has no connection, and none that
  // the user may read.
  if (!page.has_any) return RefuseFor(causes::kIModelUnknown);
  if (!user) return RefuseFor(causes::kUserMissing);
  if (page.readable == 0) return RefuseFor(causes::kPermissionMissing);

  std::string body = R"({"connections":[)";
  for (const Connection& connection : page.connections) {
    if (&connection != &page.connections.front()) body += ',';
    body += ShowConnection(JsonOf(connection), ConnectionPlace::kListed, call.snapshot.rendition);
  }
  const std::string url =
      call.BaseUrl() + "/export/connections?imodelId=" + PercentEncode(*i_model.value) + "&";
  body += "],\"_links\":" + AnswerWith(PageLinks(url, range, page.readable)).body + "}";
  return {AnswerWith(std::move(body))};
}

Outcome DeleteConnection(const Call& call) {
  const Permitted permitted = Permit(call);
  const std::string& id = call.parameters["connectionId"];
  if (permitted.refused == &causes::kConnectionUnknown && !CanBeId(id))
    return RefuseFor(causes::kConnectionIdInvalid);
  if (permitted.refused) return RefuseFor(*permitted.refused);

  switch (call.snapshot.world.fixtures.RemoveConnection(id, call.snapshot.now)) {
    case Removal::kUnknown:  // somebody else was faster
      return RefuseFor(causes::kConnectionUnknown);
    case Removal::kRunning:
      return RefuseFor(causes::kConnectionInUse);
    case Removal::kDone:
      break;
  }
  return {{.status = 204}};
}

std::string RenderConnection(const std::string& json) {
  constexpr std::string_view kOpening = R"({"connection":)";
  std::string body;
  body.reserve(kOpening.size() + json.size() + 1);
  body += kOpening;
  body += json;
  body += '}';
  return body;
}

Response AnswerWith(const nlohmann::ordered_json& body) {
  return AnswerWith(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Response AnswerWith(std::string json) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(json)};
}

}  // namespace emulator
