#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/suggestions.h"
#include "control/calls.h"
#include "control/responses.h"
#include "tokens/token_maker.h"

namespace emulator::control {

namespace {

using nlohmann::json;

http::Response RefuseOrder(const char* member, const std::string& sentence) {
  return InvalidBodyResponse({{std::string("/") + member, sentence}});
}

std::vector<std::string> IdsOf(const auto& section) {
  std::vector<std::string> ids;
  for (const auto& item : section.items) ids.push_back(item.row.id);
  return ids;
}

// The one that the order names, else the first that is registered; nullopt: there is none.
std::optional<fixtures::Client> ClientFor(const json& order,
                                          const fixtures::FixtureStore& fixtures) {
  if (order.contains("client")) return fixtures.Read<fixtures::Client>(order["client"]);
  for (const auto& item : fixtures.ReadAll().clients.items)
    if (item.row.registered) return item.row;
  return std::nullopt;
}

// The one that the order names, else the client's, else the first; empty: there is none.
std::string UserFor(const json& order, const fixtures::Client& client,
                    const fixtures::FixtureStore& fixtures) {
  if (order.contains("user")) return order["user"];
  if (client.user) return *client.user;
  const auto& users = fixtures.ReadAll().users.items;
  return users.empty() ? std::string() : users.front().row.id;
}

}  // namespace

http::Response CreateToken(const ControlCall& call) {
  const json& order = call.body;
  const world::Snapshot snapshot = call.world.TakeSnapshot();
  const fixtures::FixtureStore& fixtures = *snapshot.fixtures;
  const auto client = ClientFor(order, fixtures);
  if (!client) {
    const std::string id = order.value("client", "");
    const auto known = IdsOf(fixtures.ReadAll().clients);
    return RefuseOrder("client", id.empty()
                                     ? "is missing, and no client is a fixture of this World."
                                     : "is \"" + id + "\", which is no client of this World." +
                                           DidYouMean(id, known));
  }
  tokens::TokenSpec made{
      .client = client->id,
      .user = UserFor(order, *client, fixtures),
      .scopes = order.value("scopes", std::vector<std::string>{tokens::TokenSpec::kPlatformScope}),
      .lifetime = std::chrono::seconds(
          order.value("ttl", int64_t{tokens::TokenSpec::kTokenLifetime.count()}))};
  if (order.contains("user") && !fixtures.Read<fixtures::User>(made.user))
    return RefuseOrder("user", "is \"" + made.user + "\", which is no user of this World." +
                                   DidYouMean(made.user, IdsOf(fixtures.ReadAll().users)));
  if (order.contains("defect"))
    made.corruption = tokens::FindCorruption(order["defect"].get<std::string>())
                          .value();  // the contract lists them

  const std::string token =
      tokens::MakeAccessToken({call.issuer, call.world, call.root_url, snapshot.now}, made);
  nlohmann::ordered_json answer{
      {"token", token}, {"name", ShortHash(token)}, {"client", made.client}};
  if (!made.user.empty()) answer["user"] = made.user;
  answer["scopes"] = made.scopes;
  if (order.contains("defect")) answer["defect"] = order["defect"];
  return JsonResponse(answer, 201);
}

}  // namespace emulator::control
