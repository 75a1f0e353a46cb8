#include <nlohmann/json.hpp>
#include <set>

#include "api/errors.h"
#include "control/calls.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

using nlohmann::ordered_json;

// Where the client's limits come from. "setting" is --rate-limit.
std::string LimitedBy(const world::World& world, const fixtures::Client& client, bool was_set) {
  if (was_set) return "control";
  if (world.LimitsAll()) return "setting";
  return client.rate_limits.empty() ? "tier" : "fixtures";
}

ordered_json Render(world::World& world, const fixtures::Client& client) {
  const auto report = world.limiter.Describe(client.id, world.LimitsOf(client), world.clock.Now());
  ordered_json windows = ordered_json::array();
  for (const auto& window : report.windows) {
    ordered_json& object =
        windows.emplace_back(ordered_json{{"limit", window.limit.calls},
                                          {"seconds", window.limit.window.count()},
                                          {"used", window.used},
                                          {"remaining", window.limit.calls - window.used}});
    if (window.resets_at) object["resetsAt"] = CanonicalTime(*window.resets_at);
  }
  return {{"client", client.id},
          {"tier", client.tier},
          {"limitedBy", LimitedBy(world, client, report.was_set)},
          {"windows", std::move(windows)}};
}

std::vector<std::string> ClientIds(const world::World& world) {
  std::vector<std::string> ids;
  for (const auto& item : world.fixtures.Read()->ReadAll().clients.items)
    ids.push_back(item.row.id);
  return ids;
}

// Applies `action` to the client in the path, and answers the client's rate-limit state.
template <typename Action>
http::Response WithClient(const ControlCall& call, Action action) {
  const std::string& id = call.parameters["clientId"];
  const auto client = call.world.fixtures.Read()->Read<fixtures::Client>(id);
  if (!client) return UnknownItemResponse("client", id, ClientIds(call.world));
  if (std::optional<http::Response> refusal = action(*client)) return std::move(*refusal);
  return JsonResponse(Render(call.world, *client));
}

// REQUIRES: the shape RateLimitSetting. nullopt: the default limits.
std::optional<std::vector<fixtures::RateLimit>> LimitsIn(const nlohmann::json& body) {
  if (body == "default") return std::nullopt;
  std::vector<fixtures::RateLimit> limits;
  if (body == "off") return limits;
  const auto add = [&](const nlohmann::json& limit) {
    limits.push_back(
        {limit["limit"].get<int64_t>(), std::chrono::seconds(limit["seconds"].get<int64_t>())});
  };
  if (body.is_object()) add(body);
  if (body.is_array())
    for (const auto& limit : body) add(limit);
  return limits;
}

bool HasEqualWindows(const std::vector<fixtures::RateLimit>& limits) {
  std::set<std::chrono::seconds> windows;
  for (const fixtures::RateLimit& limit : limits)
    if (!windows.insert(limit.window).second) return true;
  return false;
}

}  // namespace

http::Response GetRateLimits(const ControlCall& call) {
  ordered_json clients = ordered_json::array();
  for (const auto& item : call.world.fixtures.Read()->ReadAll().clients.items)
    clients.push_back(Render(call.world, item.row));
  return JsonResponse({{"clients", std::move(clients)}});
}

http::Response GetRateLimit(const ControlCall& call) {
  return WithClient(call, [](const fixtures::Client&) { return std::nullopt; });
}

http::Response SetRateLimit(const ControlCall& call) {
  return WithClient(call, [&](const fixtures::Client& client) -> std::optional<http::Response> {
    auto limits = LimitsIn(call.body);
    if (limits && HasEqualWindows(*limits))
      return InvalidBodyResponse(
          {{"", "has two limits for windows of the same length; keep the smaller limit."}});
    call.world.limiter.Set(client.id, std::move(limits));
    return std::nullopt;
  });
}

http::Response ClearRateLimit(const ControlCall& call) {
  return WithClient(call, [&](const fixtures::Client& client) -> std::optional<http::Response> {
    call.world.limiter.Forget(client.id);
    return std::nullopt;
  });
}

http::Response ExhaustRateLimit(const ControlCall& call) {
  return WithClient(call, [&](const fixtures::Client& client) -> std::optional<http::Response> {
    if (call.world.limiter.Exhaust(client.id, call.world.LimitsOf(client), call.world.clock))
      return std::nullopt;
    return api::Refuse(api::control_errors::kNothingToExhaust,
                       {.message = "The client \"" + client.id +
                                   "\" has no limit. Set one first: PUT "
                                   "/_emulator/rate-limit/{client}."});
  });
}

}  // namespace emulator::control
