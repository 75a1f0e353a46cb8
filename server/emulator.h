// One running emulator: which World a request is for and which face of it (the vendor's API, its
// identity service, or the emulator's own API), and what every answer carries whatever the face:
// date, correlation id, CORS, a line in the log, an entry in the journal. Threads: any.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "access_log.h"
#include "api/service.h"
#include "base/real_time.h"
#include "control/control.h"
#include "http/request.h"
#include "http/response.h"
#include "http/server/request_parser.h"
#include "oauth/identity_service.h"
#include "world/sandbox_routing.h"
#include "world/world_registry.h"

namespace emulator {

class Emulator {
 public:
  struct Settings {
    control::ControlAccess access{};
    // What links begin with in place of the request's own scheme and Host; empty: those.
    std::string public_url{};
    std::string ca{};            // PEM: whom to trust for TLS; empty: there is none of ours
    bool quiet_headers = false;  // answers have no X-Emulator-... headers
    bool self_check = false;     // each answer of the API is held against its contract
  };

  // All but the settings stay the caller's and outlive the emulator.
  Emulator(const api::Service& service, const oauth::IdentityService& identity,
           world::WorldRegistry& worlds, AccessLog& log, Settings settings)
      : service_(service),
        identity_(identity),
        worlds_(worlds),
        log_(log),
        control_(worlds, identity.issuer(), settings.access, settings.ca),
        settings_(std::move(settings)) {}

  http::Response Answer(const http::Request& request);

  // Bytes of the body that a request with that head may have: fixtures are large.
  static size_t BodyLimit(const http::Request& head);

  // The answer to what never became a request.
  http::Response RefuseUnread(http::server::RequestParseError defect);

 private:
  // A World that was chosen, or why there is none.
  struct Choice {
    std::shared_ptr<world::World> world;
    const api::Reason* reason = nullptr;
  };
  Choice Choose(const http::Request& request, const world::SandboxRoute& address);
  // `asked`: without what chose the World in its target; `as_sent`: with it.
  http::Response AnswerWithin(const http::Request& asked, const http::Request& as_sent,
                              const world::SandboxRoute& address, RealTime start);
  api::RequestRecord Decide(const http::Request& request, const world::SandboxRoute& address,
                            world::World& world);
  // Of an answer of the vendor's API: looks for what breaks its contract, and complains of it.
  void SelfCheck(const http::Credentials& credentials, api::RequestRecord& record);
  // `ask`: the control API.
  api::RequestRecord DecideControl(const http::Request& request,
                                   const std::function<http::Response()>& ask);
  // Of a control call there is no answer yet: that it is asked for again in the same World, also
  // when there is another in its place, and finished when it is there.
  http::Response AnswerLater(const http::Request& request, std::shared_ptr<world::World> world,
                             api::RequestRecord record);
  enum class Journaled { kNo, kYes };
  http::Response Finish(const http::Request& request, api::RequestRecord record,
                        world::World& world, Journaled journaled, RealTime start);
  // The answer's id.
  uint64_t Journalize(const http::Request& request, const api::RequestRecord& record,
                      world::World& world, Time now, std::chrono::microseconds duration,
                      std::string_view correlation_id, const http::Credentials& credentials);

  const api::Service& service_;
  const oauth::IdentityService& identity_;
  world::WorldRegistry& worlds_;
  AccessLog& log_;
  const control::Control control_;
  const Settings settings_;
};

}  // namespace emulator
