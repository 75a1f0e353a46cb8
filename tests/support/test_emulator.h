// A complete emulator without a socket; the clock of its default World is stopped at noon.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/json_schema.h"
#include "base/strict_json.h"
#include "emulator.h"
#include "support/world.h"
#include "world/sandbox_routing.h"

namespace emulator {

// Fails if the contract lacks the status of the response, or its body violates the schema.
inline void CheckContract(http::Request request, const http::Response& response) {
  static const http::Router kRouter(http::RoutesOf(control::ControlRows()));
  static const auto kContract = nlohmann::json::parse(embedded::kControlApi);
  if (const world::SandboxRoute route = world::ParseSandboxRoute(request); !route.target.empty())
    request.target = route.target;
  const http::RouteMatch match = kRouter.Find(request);
  // Statuses of every call, which the contract's description lists once.
  const std::set<int> common_statuses{401, 403, 422, 503};
  if (match.outcome != http::RouteMatch::Outcome::kFound) return;

  const http::Route& route = control::ControlRows()[match.row].route;
  std::string pointer = "/paths/" + PointerStep(route.path) + "/";
  for (const char c : route.method) pointer += static_cast<char>(c | 0x20);
  pointer += "/responses/" + std::to_string(response.status);
  INFO(route.method << " " << route.path << " " << response.status << " " << response.body);
  const nlohmann::json::json_pointer place(pointer);
  if (!kContract.contains(place)) {
    CHECK(common_statuses.contains(response.status));
    return;
  }
  if (const auto& declared = kContract.at(place); declared.contains("$ref"))
    pointer = declared["$ref"].get<std::string>().substr(1);
  if (!kContract.at(nlohmann::json::json_pointer(pointer)).contains("content")) {
    CHECK(response.body.empty());
    return;
  }
  if (!kContract.at(nlohmann::json::json_pointer(pointer + "/content"))
           .contains("application/json"))
    return;
  const JsonSchema shape(embedded::kControlApi, pointer + "/content/application~1json/schema");
  for (const SchemaViolation& defect : shape.Validate(nlohmann::json::parse(response.body)))
    FAIL_CHECK(defect.pointer << ": " << defect.sentence);
}

struct TestEmulator {
  explicit TestEmulator(const control::ControlAccess& access = {},
                        world::WorldRegistry::Settings settings = {},
                        fixtures::FixtureSet seed = DefaultFixtures(),
                        std::string ca = "a certificate")
      : worlds(std::make_shared<const fixtures::FixtureStore>(std::move(seed)), nullptr,
               std::move(settings)),
        emulator(service, identity, worlds, log,
                 {.access = access, .ca = std::move(ca), .self_check = true}) {
    worlds.Default()->clock.Freeze(kNoon);
  }
  ~TestEmulator() {
    for (const journal::RecordedEntry& kept : worlds.Default()->journal->Read())
      CHECK_MESSAGE(kept.entry.violations.empty(), kept.entry.violations);
    ::close(nowhere);
  }

  http::Response operator()(const http::Request& request) { return emulator.Answer(request); }
  http::Response operator()(const std::string& target, const std::string& token = "") {
    return emulator.Answer(Get(target, token));
  }
  // Checks each response to a control call against the control contract.
  http::Response operator()(const std::string& method, const std::string& target,
                            const std::string& body) {
    http::Request request{.method = method, .target = target, .body = body};
    request.headers.Add("Host", "emulator.test");
    const http::Response response = emulator.Answer(request);
    CheckContract(request, response);
    return response;
  }

  int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  AccessLog log{nowhere, LogFormat::kText};
  std::vector<std::string> failures;
  tokens::Issuer issuer{{}, TestKey()};
  api::Service service{tokens::TokenVerifier(issuer),
                       [this](const std::string& failure) { failures.push_back(failure); }};
  oauth::IdentityService identity{
      issuer, [this](const std::string& failure) { failures.push_back(failure); }};
  world::WorldRegistry worlds;
  Emulator emulator;
};

inline nlohmann::json BodyOf(const http::Response& response) {
  return nlohmann::json::parse(response.body);
}
inline std::string MessageOf(const http::Response& response) {
  return BodyOf(response)["error"]["message"];
}

}  // namespace emulator
