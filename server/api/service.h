// The vendor's API: the path of one request through the gates.
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

// Whom a call of the identity service is about, as far as it found out.
struct Principal {
  std::string client;
  std::string user;
};

// Bodies as the journal may show them, where there are secrets in them.
struct RedactedBodies {
  std::string request;
  std::string answer;
};

// An answer, and how it came to be: for the log and the journal. What is empty was not known at the
// gate that decided.
struct RequestRecord {
  http::Response response{};
  Gate gate = Gate::kRoute;
  std::string_view reason{};     // the word of the cause of a refusal; empty for a success
  std::string_view operation{};  // its name
  std::string connection_id{};   // the one it is about
  std::string token{};           // its name, or a short hash; never the token
  std::shared_ptr<const fixtures::ResolvedToken> resolved_token{};  // what the fixtures hold of it
  std::string issuer{};                                             // whose token would be accepted
  std::optional<fixtures::Admission> admission{};                   // by the rate limiter
  Principal principal{};                                            // where there is no token
  std::optional<RedactedBodies> redacted_bodies{};                  // absent: as they are
  std::string violations{};  // how the answer breaks its contract, a line each; mostly empty
  uint64_t fault = 0;        // the planned fault that struck, also one that only delayed; 0: none

  std::string_view client() const {
    return resolved_token ? resolved_token->client.id : principal.client;
  }
  std::string_view user() const {
    if (!resolved_token) return principal.user;
    return resolved_token->user ? std::string_view(*resolved_token->user) : "";
  }
};

// What comes to an outcome; it fills in what it learns on the way, also of a planned fault that
// struck. It may throw.
using GatePipeline = std::function<HandlerResult(
    const world::Snapshot& snapshot, RequestRecord& record, std::optional<world::FaultHit>& hit)>;

// The decision that the outcome comes to, as the fault would have it. Never throws: a failure of
// ours is a 500, and `complain` is told of it in full; the client never is. `of_success`: the gate
// of what was not refused.
RequestRecord RunPipeline(const GatePipeline& decide, const http::Request& request,
                          world::World& world, Gate of_success,
                          const std::function<void(const std::string&)>& log_error);

class Service {
 public:
  struct Settings {
    bool honours_prefer = true;  // a request may ask for its answer (api/prefer.h)
    std::string public_url{};    // what links begin with in place of how we were reached; or empty
  };
  // `complain`: as RunPipeline's.
  Service(tokens::TokenVerifier identity, std::function<void(const std::string&)> log_error,
          Settings settings);
  Service(tokens::TokenVerifier identity, std::function<void(const std::string&)> log_error)
      : Service(identity, std::move(log_error), Settings()) {}

  // Never throws: a failure of ours is a 500.
  RequestRecord Answer(const http::Request& request, world::World& world) const;

 private:
  // Fills in what the gates learn on the way, whoever decides.
  HandlerResult Decide(const http::Request& request, const world::Snapshot& snapshot,
                       RequestRecord& record, std::optional<world::FaultHit>& hit) const;

  const tokens::TokenVerifier identity_;
  const std::function<void(const std::string&)> log_error_;
  const Settings settings_;
  const http::Router router_;  // its rows are those of Operations()
};

}  // namespace emulator::api
