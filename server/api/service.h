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
#include "door/http.h"
#include "door/router.h"
#include "identity/access_token.h"
#include "world/world.h"

namespace emulator {

// Whom a call of the identity service is about, as far as it found out.
struct Concerned {
  std::string client;
  std::string user;
};

// Bodies as the journal may show them, where there are secrets in them.
struct ShownBodies {
  std::string request;
  std::string answer;
};

// An answer, and how it came to be: for the log and the journal. What is empty was not known at the
// gate that decided.
struct Decision {
  Response response{};
  Gate gate = Gate::kRoute;
  std::string_view reason{};     // the word of the cause of a refusal; empty for a success
  std::string_view operation{};  // its name
  std::string connection_id{};   // the one it is about
  std::string token{};           // its name, or a short hash; never the token
  std::shared_ptr<const TokenRow> token_row{};  // what the fixtures hold of it
  std::string issuer{};                         // whose token would be accepted
  std::optional<Admission> admission{};         // by the rate limiter
  Concerned concerned{};                        // where there is no token
  std::optional<ShownBodies> shown_bodies{};    // absent: as they are
  std::string violations{};  // how the answer breaks its contract, a line each; mostly empty
  uint64_t fault = 0;        // the planned fault that struck, also one that only delayed; 0: none

  std::string_view client() const { return token_row ? token_row->client.id : concerned.client; }
  std::string_view user() const {
    if (!token_row) return concerned.user;
    return token_row->user ? std::string_view(*token_row->user) : "";
  }
};

// What comes to an outcome; it fills in what it learns on the way, also of a planned fault that
// struck. It may throw.
using Decider = std::function<Outcome(const Snapshot& snapshot, Decision& decision,
                                      std::optional<Struck>& struck)>;

// The decision that the outcome comes to, as the fault would have it. Never throws: a failure of
// ours is a 500, and `complain` is told of it in full; the client never is. `of_success`: the gate
// of what was not refused.
Decision DecideBy(const Decider& decide, const Request& request, World& world, Gate of_success,
                  const std::function<void(const std::string&)>& complain);

class Service {
 public:
  struct Settings {
    bool honours_prefer = true;  // a request may ask for its answer (api/prefer.h)
    std::string public_url{};    // what links begin with in place of how we were reached; or empty
  };
  // `complain`: as DecideBy's.
  Service(TokenVerifier identity, std::function<void(const std::string&)> complain,
          Settings settings);
  Service(TokenVerifier identity, std::function<void(const std::string&)> complain)
      : Service(identity, std::move(complain), Settings()) {}

  // Never throws: a failure of ours is a 500.
  Decision Answer(const Request& request, World& world) const;

 private:
  // Fills in what the gates learn on the way, whoever decides.
  Outcome Decide(const Request& request, const Snapshot& snapshot, Decision& decision,
                 std::optional<Struck>& struck) const;

  const TokenVerifier identity_;
  const std::function<void(const std::string&)> complain_;
  const Settings settings_;
  const Router router_;  // its rows are those of Operations()
};

}  // namespace emulator
