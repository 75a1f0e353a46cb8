// Writes seeds for the fuzz targets from the data of other tests and from the default world.
//
//     seeds FOLDER    makes FOLDER/request, FOLDER/fixture, ...

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "base/embedded.h"
#include "control/control.h"
#include "fixtures/fixture_file.h"
#include "support/hostile_requests.h"

namespace {

class Folder {
 public:
  explicit Folder(const std::filesystem::path& path) : path_(path) {
    std::filesystem::create_directories(path_);
  }
  void Add(std::string_view text) {
    std::ofstream(path_ / ("seed-" + std::to_string(count_++)), std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
  int count_ = 0;
};

// Inputs of control_fuzz.cc. Method and path select the call; the byte that encodes it changes with
// the table of calls.
struct ControlSeed {
  std::string_view method, path, line, body;
};
constexpr ControlSeed kControlSeeds[] = {
    {"PUT", "/_emulator/fixtures", "", R"({"connections": [{"id": "c"}]})"},
    {"PUT", "/_emulator/connections/{connectionId}", "c",
     R"({"connection": {"displayName": "C", "_links": {"iModel": {"href": "x"}}}})"},
    {"PUT", "/_emulator/users/{userId}", "u", R"({"connections": ["*"]})"},
    {"DELETE", "/_emulator/users/{userId}", "reader", ""},
    {"PUT", "/_emulator/clients/{clientId}", "k",
     R"({"tier": "trial", "rateLimits": [{"limit": 1, "seconds": 1}]})"},
    {"PUT", "/_emulator/tokens/{name}", "t",
     R"({"token": "abc", "client": "premium-app", "scopes": ["export:read"]})"},
    {"PUT", "/_emulator/clock", "", R"({"now": "2030-01-01T00:00:00Z", "frozen": true})"},
    {"POST", "/_emulator/clock/advance", "", R"({"seconds": 60.5})"},
    {"PUT", "/_emulator/rate-limit/{clientId}", "premium-app", R"([{"limit": 3, "seconds": 60}])"},
    {"POST", "/_emulator/rate-limit/{clientId}/exhaust", "premium-app", ""},
    {"POST", "/_emulator/faults", "",
     R"({"match": {"path": "/export/*"}, "when": {"calls": "2,4-6"}, "then": {"status": 503, )"
     R"("headers": {"x": "y"}, "body": {"a": 1}, "delayMs": {"uniform": [1, 2]}}})"},
    {"GET", "/_emulator/requests", "since=1&limit=7&status=4xx&client=premium-app", ""},
    {"GET", "/_emulator/requests/stream", "status=404&reason=connection-unknown", ""},
    {"GET", "/_emulator/requests/{requestId}", "a b", "a body"},
    {"GET", "/_emulator/requests/{requestId}/why", "a\x1b[2J", "a body"},
    {"POST", "/_emulator/verify", "",
     R"([{"match": {"status": "4xx", "headers": {"Accept": null}, "query": {"a": "b"}}, )"
     R"("count": {"atLeast": 1, "atMost": 2}, "since": 3}, {"retries": "none-early"}])"},
    {"POST", "/_emulator/verify", "", R"({"sequence": [{"path": "/export/*"}, {"status": 200}]})"},
    {"POST", "/_emulator/verify/wait", "timeoutMs=500",
     R"({"match": {"contractWarning": "accept-missing"}, "count": {"exactly": 1}})"},
    {"PUT", "/_emulator/sandboxes/{sandbox}", "s",
     R"({"fixtures": {"connections": [{"id": "c"}]}})"},
};

std::string InputOf(const ControlSeed& seed) {
  const auto rows = emulator::control::ControlRows();
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i].route.method == seed.method && rows[i].route.path == seed.path)
      return static_cast<char>(i) + std::string(seed.line) + "\n" + std::string(seed.body);
  std::cerr << "seeds: unknown call " << seed.method << " " << seed.path << "\n";
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace emulator;
  if (argc != 2) {
    std::cerr << "usage: seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  Folder requests(root / "request");
  for (const HostileRequest& row : kHostileRequests) requests.Add(row.bytes);

  Folder control(root / "control");
  for (const ControlSeed& seed : kControlSeeds) control.Add(InputOf(seed));

  const std::string world(embedded::kDefaultWorld);
  Folder(root / "fixture").Add(world);
  Folder authorization(root / "authorization");
  for (const auto& item : fixtures::ReadFixtures({{"default", world}}).tokens.items)
    authorization.Add("Bearer " + item.row.token);
}
