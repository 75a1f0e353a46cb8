// Every operation of the vendor's API that is emulated, as a table. Routing, 405 and Allow, --help
// and the tests' list of golden files read the same rows.
// Threads: constants.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/causes.h"
#include "api/errors.h"
#include "door/http.h"
#include "door/router.h"
#include "identity/access_token.h"
#include "world/world.h"

namespace emulator {

// What an operation gets: it was routed, authenticated, and is within its scope and rate limit.
struct Call {
  const AccessToken& token;
  const PathParameters& parameters;
  const Snapshot& snapshot;
};

struct Outcome {
  Response response;
  const Cause* cause = nullptr;  // why it was refused; nullptr: a success
};

// REQUIRES: a cause that has a refusal.
Outcome RefuseFor(const Cause& cause);

struct Operation {
  std::string_view name;  // as in the address of the vendor's page
  Route route;
  std::vector<std::string_view> scopes;  // any one of them suffices
  std::vector<const Refusal*> refusals;  // those its page shows a body of
  Outcome (*answer)(const Call& call);
};

std::span<const Operation> Operations();
// nullptr where none has that name.
const Operation* FindOperation(std::string_view name);

// Operations that the vendor documents and that are not emulated yet: refused as any unknown path
// or method is, but the refusal says so.
std::span<const Route> NotYetEmulated();

// Every scope that some operation asks for, each once.
std::vector<std::string> Scopes();

}  // namespace emulator
