// One running emulator: which World a request is for and which face of it (the vendor's API, its
// identity service, or the emulator's own API), and what every answer carries whatever the face:
// date, correlation id, CORS, a line in the log, an entry in the journal. Threads: any.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "access_log.h"
#include "addressing.h"
#include "api/service.h"
#include "control/control.h"
#include "door/http.h"
#include "door/real_time.h"
#include "door/request_reader.h"
#include "oauth/identity_service.h"
#include "world/worlds.h"

namespace emulator {

class Emulator {
 public:
  struct Settings {
    ControlAccess access{};
    // What links begin with in place of the request's own scheme and Host; empty: those.
    std::string public_url{};
    std::string ca{};            // PEM: whom to trust for TLS; empty: there is none of ours
    bool quiet_headers = false;  // answers have no X-Emulator-... headers
    bool self_check = false;     // each answer of the API is held against its contract
  };

  // All but the settings stay the caller's and outlive the emulator.
  Emulator(const Service& service, const IdentityService& identity, Worlds& worlds, AccessLog& log,
           Settings settings)
      : service_(service),
        identity_(identity),
        worlds_(worlds),
        log_(log),
        control_(worlds, identity.issuer(), settings.access, settings.ca),
        settings_(std::move(settings)) {}

  Response Answer(const Request& request);

  // Bytes of the body that a request with that head may have: fixtures are large.
  static size_t BodyLimit(const Request& head);

  // The answer to what never became a request.
  Response RefuseUnread(RequestDefect defect);

 private:
  // A World that was chosen, or why there is none.
  struct Choice {
    std::shared_ptr<World> world;
    const Cause* cause = nullptr;
  };
  Choice Choose(const Request& request, const Address& address);
  // `asked`: without what chose the World in its target; `as_sent`: with it.
  Response AnswerWithin(const Request& asked, const Request& as_sent, const Address& address,
                        RealTime start);
  Decision Decide(const Request& request, const Address& address, World& world);
  // Of an answer of the vendor's API: looks for what breaks its contract, and complains of it.
  void SelfCheck(const Credentials& credentials, Decision& decision);
  // `ask`: the control API.
  Decision DecideControl(const Request& request, const std::function<Response()>& ask);
  // Of a control call there is no answer yet: that it is asked for again in the same World, also
  // when there is another in its place, and finished when it is there.
  Response AnswerLater(const Request& request, std::shared_ptr<World> world, Decision decision);
  enum class Journaled { kNo, kYes };
  Response Finish(const Request& request, Decision decision, World& world, Journaled journaled,
                  RealTime start);
  // The answer's id.
  uint64_t Journalize(const Request& request, const Decision& decision, World& world, Time now,
                      std::chrono::microseconds duration, std::string_view correlation_id,
                      const Credentials& credentials);

  const Service& service_;
  const IdentityService& identity_;
  Worlds& worlds_;
  AccessLog& log_;
  const Control control_;
  const Settings settings_;
};

}  // namespace emulator
