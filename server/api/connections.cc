#include "api/connections.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/connection_json.h"
#include "api/paging.h"
#include "api/parameters.h"
#include "base/text.h"
#include "fixtures/fixture_json.h"

namespace emulator::api {

namespace {

// [U] When the vendor calls an id "not valid" rather than unknown. Ours: if it has a character that
// no documented id has.
bool CanBeId(const std::string& id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

}  // namespace

AuthorizedConnection FindAuthorized(const Call& call) {
  // [U] The page does not say whether a user without permission learns that a connection exists.
  // Ours: the look-up comes first, so an unknown id is 404 for every user. Ids are opaque: an
  // impossible id is unknown, too.
  const fixtures::FixtureStore& fixtures = *call.snapshot.fixtures;
  auto row = fixtures.FindConnection(call.parameters["connectionId"]);
  if (!row) return {nullptr, &reasons::kConnectionUnknown};

  const std::string* user = call.token.user();
  if (!user) return {nullptr, &reasons::kUserMissing};
  if (!fixtures.MayRead(*user, row->id)) return {nullptr, &reasons::kPermissionMissing};
  return {std::move(row)};
}

HandlerResult GetConnection(const Call& call) {
  const AuthorizedConnection authorized = FindAuthorized(call);
  if (authorized.refusal) return Deny(*authorized.refusal);
  const std::string& json = authorized.connection->json;
  return {JsonResponse(
      RenderConnection(ShowConnection(json, ConnectionPlace::kAlone, call.snapshot.profile)))};
}

HandlerResult ListConnections(const Call& call) {
  std::vector<ErrorDetail> invalid;
  const Parameter i_model = FindParameter(call.request, "imodelId");
  if (i_model.value.value_or("").empty()) invalid.push_back(InvalidValue("imodelId"));
  const fixtures::PageRange range = ReadPageRange(call.request, invalid);
  if (!invalid.empty()) return Deny(reasons::kQueryInvalid, invalid);

  const std::string* user = call.token.user();
  const fixtures::ConnectionPage page =
      call.snapshot.fixtures->ListConnections(*i_model.value, user ? *user : "", range);
  // [D] The page has 404 and 403; [U] for which cases. Ours: 404 if the iModel has no connection,
  // 403 if the user may read none of them.
  if (!page.has_any) return Deny(reasons::kIModelUnknown);
  if (!user) return Deny(reasons::kUserMissing);
  if (page.readable == 0) return Deny(reasons::kPermissionMissing);

  std::string body = R"({"connections":[)";
  for (const fixtures::Connection& connection : page.connections) {
    if (&connection != &page.connections.front()) body += ',';
    body += ShowConnection(fixtures::JsonOf(connection), ConnectionPlace::kListed,
                           call.snapshot.profile);
  }
  const std::string url =
      call.BaseUrl() + "/export/connections?imodelId=" + PercentEncode(*i_model.value) + "&";
  body += "],\"_links\":" + JsonResponse(PageLinks(url, range, page.readable)).body + "}";
  return {JsonResponse(std::move(body))};
}

HandlerResult DeleteConnection(const Call& call) {
  const AuthorizedConnection authorized = FindAuthorized(call);
  const std::string& id = call.parameters["connectionId"];
  if (authorized.refusal == &reasons::kConnectionUnknown && !CanBeId(id))
    return Deny(reasons::kConnectionIdInvalid);
  if (authorized.refusal) return Deny(*authorized.refusal);

  switch (call.snapshot.world.fixtures.RemoveConnection(id, call.snapshot.now)) {
    case fixtures::ConnectionDeletion::kUnknown:  // another request deleted it meanwhile
      return Deny(reasons::kConnectionUnknown);
    case fixtures::ConnectionDeletion::kRunning:
      return Deny(reasons::kConnectionInUse);
    case fixtures::ConnectionDeletion::kDone:
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

http::Response JsonResponse(const nlohmann::ordered_json& body) {
  return JsonResponse(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

http::Response JsonResponse(std::string json) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(json)};
}

}  // namespace emulator::api
