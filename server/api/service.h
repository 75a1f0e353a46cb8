// The vendor's API: how one request passes the gates.
// Threads: any; immutable after construction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/operations.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "tokens/access_token.h"
#include "world/world.h"

namespace emulator::api {

// Client and user of a call to the identity service, as far as they are known.
struct Principal {
  std::string client;
  std::string user;
};

// Bodies as the journal shows them when they contain secrets.
struct RedactedBodies {
  std::string request;
  std::string answer;
};

// A response and how it was decided, for the access log and the journal. The gates fill it in; a
// member stays empty if an earlier gate decided.
struct RequestRecord {
  http::Response response{};
  Gate gate = Gate::kRoute;      // the gate that decided
  std::string_view reason{};     // code of the reason for a refusal; empty for a success
  std::string_view operation{};  // its name
  std::string connection_id{};   // from the path
  std::string token{};           // its name, or a short hash; never the token itself
  std::shared_ptr<const fixtures::ResolvedToken> resolved_token{};  // the token's fixture
  std::string issuer{};                             // the issuer whose tokens are accepted
  std::optional<fixtures::Admission> admission{};   // by the rate limiter
  Principal principal{};                            // used when the request has no token
  std::optional<RedactedBodies> redacted_bodies{};  // absent: the bodies contain no secrets
  std::string violations{};                         // breaches of the contract, one per line
  std::optional<world::FaultHit> fault_hit{};       // matched; RunPipeline applies it
  uint64_t fault = 0;                               // id of the applied fault; 0: none

  std::string_view client() const {
    return resolved_token ? resolved_token->client.id : principal.client;
  }
  std::string_view user() const {
    if (!resolved_token) return principal.user;
    return resolved_token->user ? std::string_view(*resolved_token->user) : "";
  }

  // Stores the response. A refusal also sets gate and reason.
  void Set(HandlerResult result);
  void Refuse(const Reason& reason) { Set(Deny(reason)); }
};

using ErrorLog = std::function<void(const std::string&)>;

// Decides a request and stores the response, and everything learned on the way, in `record`. May
// throw.
using GatePipeline = std::function<void(const world::Snapshot& snapshot, RequestRecord& record)>;

// Runs the gates on a snapshot of the world, then applies the planned fault that they matched.
// Never throws: an exception becomes a 500 whose details go to `log_error`, not to the client.
RequestRecord RunPipeline(const GatePipeline& gates, const http::Request& request,
                          world::World& world, const ErrorLog& log_error);

class Service {
 public:
  struct Settings {
    bool honours_prefer = true;  // a request may choose its answer (api/prefer.h)
    std::string public_url{};    // base of links; empty: the URL the client used
  };
  Service(tokens::TokenVerifier verifier, ErrorLog log_error, Settings settings);
  Service(tokens::TokenVerifier verifier, ErrorLog log_error)
      : Service(verifier, std::move(log_error), Settings()) {}

  // `path`: the request's path within the world. Never throws.
  RequestRecord Answer(const http::Request& request, std::string_view path,
                       world::World& world) const;
  // For a request whose path names no sandbox.
  RequestRecord Answer(const http::Request& request, world::World& world) const {
    return Answer(request, request.Path(), world);
  }

 private:
  void RunGates(const http::Request& request, std::string_view path,
                const world::Snapshot& snapshot, RequestRecord& record) const;

  const tokens::TokenVerifier verifier_;
  const ErrorLog log_error_;
  const Settings settings_;
  const http::Router router_;  // row numbers are those of Operations()
};

}  // namespace emulator::api
