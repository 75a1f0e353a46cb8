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
  std::string_view issuer{};                    // whose tokens are accepted
  std::optional<Admission> admission{};         // by the rate limiter
  uint64_t fault = 0;  // the planned fault that struck, also one that only delayed; 0: none

  std::string_view client() const {
    return token_row ? std::string_view(token_row->client.id) : "";
  }
  std::string_view user() const {
    return token_row && token_row->user ? std::string_view(*token_row->user) : "";
  }
};

class Service {
 public:
  // `complain` is told in full of every failure of ours; the client never is. `honours_prefer`:
  // whether a request may ask for its answer (api/prefer.h).
  Service(TokenVerifier identity, std::function<void(const std::string&)> complain,
          bool honours_prefer = true);

  // Never throws: a failure of ours is a 500.
  Decision Answer(const Request& request, World& world) const;

 private:
  // Fills in what the gates learn on the way, whoever decides.
  Outcome Decide(const Request& request, const Snapshot& snapshot, Decision& decision,
                 std::optional<Struck>& struck) const;

  const TokenVerifier identity_;
  const std::function<void(const std::string&)> complain_;
  const bool honours_prefer_;
  const Router router_;   // its rows are those of Operations()
  const Router not_yet_;  // its rows are those of NotYetEmulated()
};

}  // namespace emulator
