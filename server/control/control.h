// The emulator's own API, under /_emulator: what it is, whether it is ready, and how a test bends
// one World. Never metered, faulted or journaled. What it takes and answers is described by
// schema/control.openapi.json, whose schemas judge every body; a test holds the two together.
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

// Who may call.
struct ControlAccess {
  enum class Mode {
    kOff,        // nobody; only what is for probes and editors answers
    kForbidden,  // nobody, and the answer tells how to allow it
    kOpen,       // everybody
    kToken,      // who sends the token
  };
  Mode mode = Mode::kOpen;
  std::string token;  // a secret; empty unless kToken
};

struct ControlRow {
  http::Route route;
  std::string_view meaning;
  http::Response (*handler)(const ControlCall& call);
  // The shape of the body: a name under components/schemas; kNoBody; or kOwnText, which the call
  // reads itself.
  std::string_view body = kNoBody;
  bool is_probe = false;  // for probes and editors: answers whoever may call, whatever the query
  std::vector<std::string_view> query{};  // the parameters it takes

  static constexpr std::string_view kNoBody{};
  static constexpr std::string_view kOwnText = "*";
};
std::span<const ControlRow> ControlRows();

class Control {
 public:
  // `worlds` and `issuer` stay the caller's and outlive this. `ca`: as ControlCall has it.
  Control(world::WorldRegistry& worlds, const tokens::Issuer& issuer, ControlAccess access,
          std::string ca);

  // True for a path that is the emulator's and not the vendor's.
  static bool Owns(std::string_view path);
  // True for one of these that is about all WorldRegistry, whichever it is asked in.
  static bool IsOfAllWorlds(std::string_view path);

  // `sandbox`: the name that `world` has; empty: it is the default World. `root_url`: what links to
  // the default World begin with.
  // `path`: the request's path within the world.
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
