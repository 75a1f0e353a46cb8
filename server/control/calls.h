// The handlers of the control API, one function for each call. Before it calls a
// handler, Control checks the query, and the body against its schema unless the row says kOwnText.
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
  const nlohmann::json& body;   // null if the call takes no body, or reads the text itself
  const std::string& sandbox;   // name of the sandbox; empty: the default world
  const std::string& base_url;  // of that world: the start of links
  const std::string& root_url;  // of the default world
  const std::string& ca;        // the CA to trust for TLS, as PEM; empty: the emulator made none
  bool is_open;                 // some caller may make calls other than probes
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
http::Response GetClient(const ControlCall& call);
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
