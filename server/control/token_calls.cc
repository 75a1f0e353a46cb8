#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/suggestions.h"
#include "control/calls.h"
#include "control/responses.h"
#include "tokens/token_maker.h"

namespace emulator::control {

namespace {

using nlohmann::json;

http::Response RefuseMember(const char* member, const std::string& sentence) {
  return InvalidBodyResponse({{std::string("/") + member, sentence}});
}

std::vector<std::string> IdsOf(const auto& section) {
  std::vector<std::string> ids;
  for (const auto& item : section.items) ids.push_back(item.row.id);
  return ids;
}

// The client that the body names, else the first registered one. nullopt: none.
std::optional<fixtures::Client> ClientFor(const json& body,
                                          const fixtures::FixtureStore& fixtures) {
  if (body.contains("client")) return fixtures.Read<fixtures::Client>(body["client"]);
  for (const auto& item : fixtures.ReadAll().clients.items)
    if (item.row.registered) return item.row;
  return std::nullopt;
}

// The user that the body names, else the client's, else the first one. Empty: none.
std::string UserFor(const json& body, const fixtures::Client& client,
                    const fixtures::FixtureStore& fixtures) {
  if (body.contains("user")) return body["user"];
  if (client.user) return *client.user;
  const auto& users = fixtures.ReadAll().users.items;
  return users.empty() ? std::string() : users.front().row.id;
}

}  // namespace

http::Response CreateToken(const ControlCall& call) {
  const json& body = call.body;
  const world::Snapshot snapshot = call.world.TakeSnapshot();
  const fixtures::FixtureStore& fixtures = *snapshot.fixtures;
  const auto client = ClientFor(body, fixtures);
  if (!client) {
    const std::string id = body.value("client", "");
    const auto known = IdsOf(fixtures.ReadAll().clients);
    return RefuseMember("client", id.empty()
                                      ? "is missing, and this world has no registered client."
                                      : "is \"" + id + "\", which is not a client of this world." +
                                            DidYouMean(id, known));
  }
  tokens::TokenSpec token_spec{
      .client = client->id,
      .user = UserFor(body, *client, fixtures),
      .scopes = body.value("scopes", std::vector<std::string>{tokens::TokenSpec::kPlatformScope}),
      .lifetime = std::chrono::seconds(
          body.value("ttl", int64_t{tokens::TokenSpec::kTokenLifetime.count()}))};
  if (body.contains("user") && !fixtures.Read<fixtures::User>(token_spec.user))
    return RefuseMember("user", "is \"" + token_spec.user +
                                    "\", which is not a user of this world." +
                                    DidYouMean(token_spec.user, IdsOf(fixtures.ReadAll().users)));
  if (body.contains("defect"))
    token_spec.corruption = tokens::FindCorruption(body["defect"].get<std::string>())
                                .value();  // the schema lists the names

  const std::string token =
      tokens::MakeAccessToken({call.issuer, call.world, call.root_url, snapshot.now}, token_spec);
  nlohmann::ordered_json answer{
      {"token", token}, {"name", ShortHash(token)}, {"client", token_spec.client}};
  if (!token_spec.user.empty()) answer["user"] = token_spec.user;
  answer["scopes"] = token_spec.scopes;
  if (body.contains("defect")) answer["defect"] = body["defect"];
  return JsonResponse(answer, 201);
}

}  // namespace emulator::control
