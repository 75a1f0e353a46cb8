// The control API under /_emulator, by which a test inspects and changes a world. Its calls are not
// rate-limited, meet no faults and are not in the journal. schema/control.openapi.json describes
// them. Its schemas validate the bodies, except those that a call parses itself (kOwnText). A test
// compares it with ControlRows().
// Threads: any; immutable after construction.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/calls.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "world/world_registry.h"

namespace emulator::control {

// Which callers may use the control API.
struct ControlAccess {
  enum class Mode {
    kOff,        // none; only probes are answered
    kForbidden,  // none; the answer says how to allow them
    kOpen,       // all
    kToken,      // callers that send the token
  };
  Mode mode = Mode::kOpen;
  std::string token;  // a secret; empty unless kToken
};

struct ControlRow {
  http::Route route;
  std::string_view meaning;
  http::Response (*handler)(const ControlCall& call);
  // The schema of the body: a name under components/schemas; kNoBody; or kOwnText: the handler
  // reads the text itself.
  std::string_view body = kNoBody;
  bool is_probe = false;                  // answered for every caller and with any query
  std::vector<std::string_view> query{};  // names of its parameters

  static constexpr std::string_view kNoBody{};
  static constexpr std::string_view kOwnText = "*";
};
std::span<const ControlRow> ControlRows();

class Control {
 public:
  // `worlds` and `issuer` belong to the caller and must outlive this. `ca`: see ControlCall.
  Control(world::WorldRegistry& worlds, const tokens::Issuer& issuer, ControlAccess access,
          std::string ca);

  // Whether the path belongs to the control API.
  static bool Owns(std::string_view path);
  // Whether the call concerns all worlds, so that a sandbox in its path makes no difference.
  static bool IsOfAllWorlds(std::string_view path);

  // `path`: the path within the world. `sandbox`: the name of `world`; empty: the default world.
  // `base_url`, `root_url`: see ControlCall.
  http::Response Answer(const http::Request& request, std::string_view path,
                        const std::string& sandbox, world::World& world,
                        const std::string& base_url, const std::string& root_url) const;

 private:
  std::optional<http::Response> RefuseCaller(const http::Request& request) const;

  world::WorldRegistry& worlds_;
  const tokens::Issuer& issuer_;
  const ControlAccess access_;
  const std::string ca_;
  const http::Router router_;
};

}  // namespace emulator::control
