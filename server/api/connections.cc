#include "api/connections.h"

#include <nlohmann/json.hpp>

namespace emulator {

Outcome GetConnection(const Call& call) {
  // The page does not say whether a stranger learns that a connection exists. We look up first [U]:
  // an unknown id is 404 for everyone. Ids are opaque: one that could never be is unknown, too.
  const auto row = call.world.fixtures.FindConnection(call.parameters["connectionId"]);
  if (!row) return {Refuse(errors::kConnectionNotFound), Gate::kLookUp, "connection-unknown"};

  const std::string* user = call.token.user();
  if (!user || !call.world.fixtures.MayRead(*user, row->connection.id))
    return {Refuse(errors::kInsufficientPermissions), Gate::kPermission,
            user ? "permission-missing" : "user-missing"};

  const auto& body = row->rendered.Get([&] { return RenderConnection(row->connection); });
  return {{.headers = {{"Content-Type", "application/json"}}, .body = body}, Gate::kRender};
}

std::string RenderConnection(const Connection& connection) {
  nlohmann::ordered_json members;
  const auto add = [](auto& object, const char* name, const auto& value) {
    if (value) object[name] = *value;
  };
  members["id"] = connection.id;
  add(members, "iModelId", connection.i_model_id);
  add(members, "iTwinId", connection.i_twin_id);
  add(members, "displayName", connection.display_name);
  add(members, "authenticationType", connection.authentication_type);

  nlohmann::ordered_json links;
  const auto add_link = [&](const char* name, const std::optional<std::string>& href) {
    if (href) links[name] = {{"href", *href}};
  };
  add_link("iModel", connection.i_model_link);
  // The page contradicts itself: its example says iTwin, its table project. The example's name is
  // on the wire [I]; a fixture that was pasted with the other one keeps it.
  add_link("iTwin", connection.i_twin_link);
  add_link("project", connection.project_link);
  add_link("lastRun", connection.last_run_link);
  if (!links.empty()) members["_links"] = std::move(links);

  return nlohmann::ordered_json{{"connection", std::move(members)}}.dump();
}

}  // namespace emulator
