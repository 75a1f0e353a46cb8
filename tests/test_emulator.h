// A whole emulator without a socket, its default World's clock stopped at noon.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "emulator.h"
#include "world.h"

namespace emulator {

struct TestEmulator {
  explicit TestEmulator(const ControlAccess& access = {}, Worlds::Settings settings = {},
                        FixtureSet seed = DefaultFixtures())
      : worlds(std::make_shared<const FixtureStore>(std::move(seed)), nullptr, std::move(settings)),
        emulator(service, worlds, log, access) {
    worlds.Default()->clock.Freeze(kNoon);
  }
  ~TestEmulator() { ::close(nowhere); }

  Response operator()(const Request& request) { return emulator.Answer(request); }
  Response operator()(const std::string& target, const std::string& token = "") {
    return emulator.Answer(Get(target, token));
  }
  Response operator()(const std::string& method, const std::string& target,
                      const std::string& body) {
    Request request{.method = method, .target = target, .body = body};
    request.headers.Add("Host", "emulator.test");
    return emulator.Answer(request);
  }

  int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  AccessLog log{nowhere, LogFormat::kText};
  std::vector<std::string> failures;
  Service service{TokenVerifier("https://ims.bentley.com"),
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
