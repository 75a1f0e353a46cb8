#include "api/create_connection.h"

#include <array>

#include "api/connection_json.h"
#include "api/connections.h"
#include "api/request_body.h"
#include "base/base64.h"
#include "base/guid.h"
#include "fixtures/fixture_json.h"

namespace emulator::api {

namespace {

constexpr std::array<std::string_view, 2> kAuthenticationTypes{"User", "Service"};

// [I] An id of the vendor's examples is base64url of the iModel's id and a second GUID.
std::string NewId(const std::string& i_model_bytes, Guids& guids) {
  return Base64UrlEncode(i_model_bytes + GuidBytes(guids.New()).value());
}

// The connection in the body, without an id. [I] an iModel's id is a GUID; the default of
// authenticationType is User. [U] Without displayName the connection has none.
fixtures::Connection ReadInput(RequestBody& body) {
  fixtures::Connection input;
  input.i_model_id = body.RequiredText("iModelId");
  const std::string name = body.Text("displayName");
  if (!name.empty()) input.display_name = name;
  const std::string type = body.Choice("authenticationType", kAuthenticationTypes);
  input.authentication_type = type.empty() ? "User" : type;
  return input;
}

}  // namespace

HandlerResult CreateConnection(const Call& call) {
  RequestBody body(call.request.body);
  fixtures::Connection connection = ReadInput(body);
  const auto i_model_bytes = GuidBytes(*connection.i_model_id);
  if (body.invalid().empty() && !i_model_bytes) body.Refuse("iModelId");
  if (!body.invalid().empty()) return Deny(reasons::kConnectionInvalid, body.invalid());

  // [U] No page shows a 403 here. Without a user, nobody could read the connection.
  const std::string* user = call.token.user();
  if (!user) return Deny(reasons::kUserMissing);

  // [U] It is unknown where the vendor takes the iTwin from, and iModels are not emulated, so the
  // iTwin is that of another connection of the iModel. Links point to the
  // emulator, so that no client sends its token elsewhere; nothing is served at them. [U] Before
  // its first run a connection has no lastRun.
  const auto i_twin = call.snapshot.fixtures->FindITwinOf(*connection.i_model_id);
  connection.i_twin_id = i_twin ? *i_twin : GuidFromText("iTwin of " + *connection.i_model_id);
  const std::string base = call.BaseUrl();
  connection.i_model_link = base + "/imodels/" + *connection.i_model_id;
  connection.i_twin_link = base + "/itwins/" + *connection.i_twin_id;

  world::World& world = call.snapshot.world;
  do connection.id = NewId(*i_model_bytes, world.guids);
  while (!world.fixtures.AddConnection(connection, user));

  http::Response response = JsonResponse(RenderConnection(ShowConnection(
      fixtures::JsonOf(connection), ConnectionPlace::kCreated, call.snapshot.profile)));
  response.status = 201;
  return {std::move(response)};
}

}  // namespace emulator::api
