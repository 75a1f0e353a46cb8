// The emulator's own calls, as functions: what each answers once its body was found to have the
// right shape. control.cc has the table that leads to them.
// Threads: any.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "control/query.h"
#include "door/http.h"
#include "door/router.h"
#include "identity/issuer.h"
#include "world/worlds.h"

namespace emulator {

struct ControlCall {
  const Request& request;
  const PathParameters& parameters;
  const Query& query;
  const nlohmann::json& body;   // null where the call takes none, or reads the text itself
  const std::string& sandbox;   // whose World it is; empty: the default one
  const std::string& base_url;  // of that World: what links begin with
  const std::string& root_url;  // of the default World
  const std::string& ca;        // PEM: whom to trust for TLS; empty: there is none of ours
  bool is_open;                 // somebody may make calls other than those for probes
  World& world;
  Worlds& worlds;
  const Issuer& issuer;
};

// clock_calls.cc
Response TellClock(const ControlCall& call);
Response SetClock(const ControlCall& call);
Response AdvanceClock(const ControlCall& call);
Response ReleaseClock(const ControlCall& call);

// rate_limit_calls.cc
Response TellRateLimits(const ControlCall& call);
Response TellRateLimit(const ControlCall& call);
Response SetRateLimit(const ControlCall& call);
Response ForgetRateLimit(const ControlCall& call);
Response ExhaustRateLimit(const ControlCall& call);

// fixture_calls.cc
Response TellFixtures(const ControlCall& call);
Response ReplaceFixtures(const ControlCall& call);
Response TellConnection(const ControlCall& call);
Response PutConnection(const ControlCall& call);
Response DeleteConnection(const ControlCall& call);
Response TellUser(const ControlCall& call);
Response PutUser(const ControlCall& call);
Response DeleteUser(const ControlCall& call);
Response TellClient(const ControlCall& call);
Response PutClient(const ControlCall& call);
Response DeleteClient(const ControlCall& call);
Response TellToken(const ControlCall& call);
Response PutToken(const ControlCall& call);
Response DeleteToken(const ControlCall& call);

Response TellRun(const ControlCall& call);
Response PutRun(const ControlCall& call);
Response DeleteRun(const ControlCall& call);
Response FinishRun(const ControlCall& call);
Response TellRunPlan(const ControlCall& call);
Response PutRunPlan(const ControlCall& call);
Response DeleteRunPlan(const ControlCall& call);

// edition_calls.cc
Response TellEdition(const ControlCall& call);
Response SetEdition(const ControlCall& call);
Response ResetEdition(const ControlCall& call);

// token_calls.cc
Response MakeToken(const ControlCall& call);

// fault_calls.cc
Response ListFaults(const ControlCall& call);
Response PlanFault(const ControlCall& call);
Response ClearFaults(const ControlCall& call);
Response TellFault(const ControlCall& call);
Response RemoveFault(const ControlCall& call);

// sandbox_calls.cc
Response ListSandboxes(const ControlCall& call);
Response TellSandbox(const ControlCall& call);
Response MakeSandbox(const ControlCall& call);
Response DropSandbox(const ControlCall& call);
Response ResetWorld(const ControlCall& call);

// request_calls.cc
Response ListRequests(const ControlCall& call);
Response TellRequest(const ControlCall& call);
Response TellWhy(const ControlCall& call);
Response ClearRequests(const ControlCall& call);
Response StreamRequests(const ControlCall& call);

// verify_calls.cc
Response Verify(const ControlCall& call);
Response AwaitVerification(const ControlCall& call);
Response TellRetries(const ControlCall& call);
Response TellCoverage(const ControlCall& call);

}  // namespace emulator
