// A whole emulator without a socket, its default World's clock stopped at noon.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "emulator.h"
#include "world.h"
#include "world/json_shape.h"
#include "world/json_text.h"

namespace emulator {

// Fails where the contract does not know the answer's status, or its body has another shape.
inline void CheckContract(Request request, const Response& response) {
  static const Router kRouter(RoutesOf(ControlRows()));
  static const auto kContract = nlohmann::json::parse(embedded::kControlApi);
  if (const Address address = ReadAddress(request); !address.target.empty())
    request.target = address.target;
  const RouteMatch match = kRouter.Find(request);
  // What may be answered to every call stands in the contract's description.
  const std::set<int> of_every_call{401, 403, 422, 503};
  if (match.outcome != RouteMatch::Outcome::kFound) return;

  const Route& route = ControlRows()[match.row].route;
  std::string pointer = "/paths/" + PointerStep(route.path) + "/";
  for (const char c : route.method) pointer += static_cast<char>(c | 0x20);
  pointer += "/responses/" + std::to_string(response.status);
  INFO(route.method << " " << route.path << " " << response.status << " " << response.body);
  const nlohmann::json::json_pointer place(pointer);
  if (!kContract.contains(place)) {
    CHECK(of_every_call.contains(response.status));
    return;
  }
  if (const auto& told = kContract.at(place); told.contains("$ref"))
    pointer = told["$ref"].get<std::string>().substr(1);
  if (!kContract.at(nlohmann::json::json_pointer(pointer)).contains("content")) {
    CHECK(response.body.empty());
    return;
  }
  if (!kContract.at(nlohmann::json::json_pointer(pointer + "/content"))
           .contains("application/json"))
    return;
  const JsonShape shape(embedded::kControlApi, pointer + "/content/application~1json/schema");
  for (const JsonDefect& defect : shape.Judge(nlohmann::json::parse(response.body)))
    FAIL_CHECK(defect.pointer << ": " << defect.sentence);
}

struct TestEmulator {
  explicit TestEmulator(const ControlAccess& access = {}, Worlds::Settings settings = {},
                        FixtureSet seed = DefaultFixtures(), std::string ca = "a certificate")
      : worlds(std::make_shared<const FixtureStore>(std::move(seed)), nullptr, std::move(settings)),
        emulator(service, identity, worlds, log,
                 {.access = access, .ca = std::move(ca), .self_check = true}) {
    worlds.Default()->clock.Freeze(kNoon);
  }
  ~TestEmulator() {
    for (const KeptEntry& kept : worlds.Default()->journal->Read())
      CHECK_MESSAGE(kept.entry.violations.empty(), kept.entry.violations);
    ::close(nowhere);
  }

  Response operator()(const Request& request) { return emulator.Answer(request); }
  Response operator()(const std::string& target, const std::string& token = "") {
    return emulator.Answer(Get(target, token));
  }
  // Of the emulator's own calls every answer is held against their contract.
  Response operator()(const std::string& method, const std::string& target,
                      const std::string& body) {
    Request request{.method = method, .target = target, .body = body};
    request.headers.Add("Host", "emulator.test");
    const Response response = emulator.Answer(request);
    CheckContract(request, response);
    return response;
  }

  int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  AccessLog log{nowhere, LogFormat::kText};
  std::vector<std::string> failures;
  Issuer issuer{{}, TestKey()};
  Service service{TokenVerifier(issuer),
                  [this](const std::string& failure) { failures.push_back(failure); }};
  IdentityService identity{issuer,
                           [this](const std::string& failure) { failures.push_back(failure); }};
  Worlds worlds;
  Emulator emulator;
};

inline nlohmann::json BodyOf(const Response& response) {
  return nlohmann::json::parse(response.body);
}
inline std::string MessageOf(const Response& response) {
  return BodyOf(response)["error"]["message"];
}

}  // namespace emulator
