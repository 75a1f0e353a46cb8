// One running emulator: chooses the world and the face (the vendor's API, its identity service, or
// the control API) that answers a request, and adds what does not depend on the face: date,
// correlation id and a line in the access log; CORS headers where the request has `Origin`; a
// journal entry for all but control calls and preflights.
// Threads: any.
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
#include "world/world_registry.h"

namespace emulator {

class Emulator {
 public:
  struct Settings {
    control::ControlAccess access{};
    std::string public_url{};    // base of links; empty: scheme and Host of each request
    std::string ca{};            // PEM of the CA to trust for TLS; empty: the emulator made none
    bool quiet_headers = false;  // omit the X-Emulator-... headers
    bool self_check = false;     // check each answer of the vendor's API against its contract
  };

  // The caller keeps everything but the settings alive for as long as the emulator.
  Emulator(const api::Service& service, const oauth::IdentityService& identity,
           world::WorldRegistry& worlds, AccessLog& log, Settings settings)
      : service_(service),
        identity_(identity),
        worlds_(worlds),
        log_(log),
        control_(worlds, identity.issuer(), settings.access, settings.ca),
        settings_(std::move(settings)) {}

  http::Response Answer(const http::Request& request);

  // The size limit, in bytes, for the body of a request with this head. Fixtures may be large.
  static size_t BodyLimit(const http::Request& head);

  // The answer to bytes that could not be read as a request.
  http::Response RefuseUnread(http::server::RequestParseError error);

 private:
  enum class Face;
  struct Destination;
  // The chosen world, or the reason why there is none.
  struct Choice {
    std::shared_ptr<world::World> world;
    const api::Reason* reason = nullptr;
  };
  Choice ChooseWorld(const Destination& destination);
  api::RequestRecord AnswerIn(world::World& world, const http::Request& request,
                              const Destination& destination);
  // Checks an answer of the vendor's API against the contract; records and logs each violation.
  void SelfCheck(const http::Credentials& credentials, api::RequestRecord& record);
  api::RequestRecord CallControl(const http::Request& request,
                                 const std::function<http::Response()>& call);
  // For a control call whose answer is not ready. Its retry runs in the same world, even when
  // another one has taken that world's name. `head`: the request without its body.
  http::Response AnswerLater(http::Request head, Face face, std::shared_ptr<world::World> world,
                             api::RequestRecord record);
  http::Response Finish(const http::Request& request, Face face, world::World& world,
                        api::RequestRecord record, RealTime start);
  void AddCommonHeaders(const http::Request& request, Face face, Time now,
                        const std::string& correlation_id, uint64_t id,
                        api::RequestRecord& record) const;
  // Returns the id of the entry.
  uint64_t AddToJournal(const http::Request& request, const api::RequestRecord& record,
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
