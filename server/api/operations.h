// Every operation of the vendor's API, as a table. Routing, 405 and Allow, --help, the notes on a
// request and the tests' list of golden files read the same rows; a test holds them against the
// contract, schema/openapi.json.
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
  const Request& request;
  const std::string& public_url;  // stands in place of how we were reached; empty: it does not

  // What our own links begin with.
  std::string BaseUrl() const {
    return emulator::BaseUrl(public_url, request, snapshot.world.name);
  }
};

struct Outcome {
  Response response;
  const Cause* cause = nullptr;  // why it was refused; nullptr: a success
};

// REQUIRES: a cause that has a refusal.
Outcome RefuseFor(const Cause& cause);
// With these details in place of the refusal's own. REQUIRES: at least one.
Outcome RefuseFor(const Cause& cause, const std::vector<ErrorDetail>& details);

// The scope of the newer pages; it suffices for every operation.
inline constexpr std::string_view kPlatformScope = "itwin-platform";

struct Operation {
  std::string_view name;  // as in the address of the vendor's page
  Route route;
  std::string_view scope;  // of the older page
  Source source;           // what its page says that it does
  std::vector<int> successes;
  // Those with another status that its page documents, or that the vendor's other pages let expect.
  std::vector<const Refusal*> refusals;
  std::vector<Gate> gates;  // behind the rate limit, in their order
  Outcome (*answer)(const Call& call);
  const Refusal* newer_429 = &errors::kRateLimitExceeded;  // of the current edition

  // Any one of these suffices.
  std::vector<std::string_view> ScopesIn(Edition edition) const;
  // A refusal as the edition words it.
  const Refusal& In(Edition edition, const Refusal& refusal) const;
  // The successes and, behind them, the refusals; each once, in their order.
  std::vector<int> Statuses() const;
};

std::span<const Operation> Operations();
// nullptr where none has that name.
const Operation* FindOperation(std::string_view name);

// Every scope that some operation asks for, each once.
std::vector<std::string> Scopes();

}  // namespace emulator
