// The emulator's own calls, as functions: what each answers once its body was found to have the
// right shape. control.cc has the table that leads to them.
// Threads: any.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "control/query.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "tokens/issuer.h"
#include "world/world_registry.h"

namespace emulator::control {

struct ControlCall {
  const http::Request& request;
  const http::PathParameters& parameters;
  const Query& query;
  const nlohmann::json& body;   // null where the call takes none, or reads the text itself
  const std::string& sandbox;   // whose World it is; empty: the default one
  const std::string& base_url;  // of that World: what links begin with
  const std::string& root_url;  // of the default World
  const std::string& ca;        // PEM: whom to trust for TLS; empty: there is none of ours
  bool is_open;                 // somebody may make calls other than those for probes
  world::World& world;
  world::WorldRegistry& worlds;
  const tokens::Issuer& issuer;
};

// clock_calls.cc
http::Response GetClock(const ControlCall& call);
http::Response SetClock(const ControlCall& call);
http::Response AdvanceClock(const ControlCall& call);
http::Response ReleaseClock(const ControlCall& call);

// rate_limit_calls.cc
http::Response GetRateLimits(const ControlCall& call);
http::Response GetRateLimit(const ControlCall& call);
http::Response SetRateLimit(const ControlCall& call);
http::Response ClearRateLimit(const ControlCall& call);
http::Response ExhaustRateLimit(const ControlCall& call);

// fixture_calls.cc
http::Response GetFixtures(const ControlCall& call);
http::Response ReplaceFixtures(const ControlCall& call);
http::Response GetConnection(const ControlCall& call);
http::Response PutConnection(const ControlCall& call);
http::Response DeleteConnection(const ControlCall& call);
http::Response GetUser(const ControlCall& call);
http::Response PutUser(const ControlCall& call);
http::Response DeleteUser(const ControlCall& call);
http::Response AddClientHeaders(const ControlCall& call);
http::Response PutClient(const ControlCall& call);
http::Response DeleteClient(const ControlCall& call);
http::Response GetToken(const ControlCall& call);
http::Response PutToken(const ControlCall& call);
http::Response DeleteToken(const ControlCall& call);

http::Response GetRun(const ControlCall& call);
http::Response PutRun(const ControlCall& call);
http::Response DeleteRun(const ControlCall& call);
http::Response FinishRun(const ControlCall& call);
http::Response GetRunPlan(const ControlCall& call);
http::Response PutRunPlan(const ControlCall& call);
http::Response DeleteRunPlan(const ControlCall& call);

// edition_calls.cc
http::Response GetEdition(const ControlCall& call);
http::Response SetEdition(const ControlCall& call);
http::Response ResetEdition(const ControlCall& call);

// token_calls.cc
http::Response CreateToken(const ControlCall& call);

// fault_calls.cc
http::Response ListFaults(const ControlCall& call);
http::Response CreateFault(const ControlCall& call);
http::Response ClearFaults(const ControlCall& call);
http::Response GetFault(const ControlCall& call);
http::Response DeleteFault(const ControlCall& call);

// sandbox_calls.cc
http::Response ListSandboxes(const ControlCall& call);
http::Response GetSandbox(const ControlCall& call);
http::Response CreateSandbox(const ControlCall& call);
http::Response DeleteSandbox(const ControlCall& call);
http::Response ResetWorld(const ControlCall& call);

// request_calls.cc
http::Response ListRequests(const ControlCall& call);
http::Response GetRequest(const ControlCall& call);
http::Response GetWhy(const ControlCall& call);
http::Response ClearRequests(const ControlCall& call);
http::Response StreamRequests(const ControlCall& call);

// verify_calls.cc
http::Response Verify(const ControlCall& call);
http::Response AwaitVerification(const ControlCall& call);
http::Response GetRetries(const ControlCall& call);
http::Response GetCoverage(const ControlCall& call);

}  // namespace emulator::control
