// The vendor's API: the path of one request through the gates.
// Threads: any; immutable after construction.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "api/operations.h"
#include "door/http.h"
#include "door/router.h"
#include "identity/access_token.h"
#include "world/world.h"

namespace emulator {

// An answer and what the log tells of it. Names may be empty: not known at the gate that decided.
struct Decision {
  Response response{};
  Gate gate = Gate::kRoute;
  std::string reason{};  // why it was refused, in a word; empty for a success
  std::string client{};
  std::string user{};
  std::string token{};  // its name, or a short hash; never the token
  uint64_t fault = 0;   // the planned fault that struck, also one that only delayed; 0: none
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
  Decision Decide(const Request& request, World& world) const;

  const TokenVerifier identity_;
  const std::function<void(const std::string&)> complain_;
  const bool honours_prefer_;
  const Router router_;   // its rows are those of Operations()
  const Router not_yet_;  // its rows are those of NotYetEmulated()
};

}  // namespace emulator
