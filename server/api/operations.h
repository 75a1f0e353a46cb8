// Every operation of the vendor's API, as a table. Routing, 405 and Allow, --help, the notes on a
// request and the tests' list of golden files read the same rows; a test holds them against the
// contract, schema/openapi.json.
// Threads: constants.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/errors.h"
#include "api/reasons.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "tokens/access_token.h"
#include "world/world.h"

namespace emulator::api {

// What an operation gets: it was routed, authenticated, and is within its scope and rate limit.
struct Call {
  const tokens::AccessToken& token;
  const http::PathParameters& parameters;
  const world::Snapshot& snapshot;
  const http::Request& request;
  const std::string& public_url;  // stands in place of how we were reached; empty: it does not

  // What our own links begin with.
  std::string BaseUrl() const { return world::BaseUrl(public_url, request, snapshot.world.name); }
};

struct HandlerResult {
  http::Response response;
  const Reason* reason = nullptr;  // why it was refused; nullptr: a success
};

// REQUIRES: a cause that has a refusal.
HandlerResult Deny(const Reason& reason);
// With these details in place of the refusal's own. REQUIRES: at least one.
HandlerResult Deny(const Reason& reason, const std::vector<ErrorDetail>& details);

// The scope of the newer pages; it suffices for every operation.
inline constexpr std::string_view kPlatformScope = "itwin-platform";

struct Operation {
  std::string_view name;  // as in the address of the vendor's page
  http::Route route;
  std::string_view scope;  // of the older page
  Citation citation;       // what its page says that it does
  std::vector<int> successes;
  // Those with another status that its page documents, or that the vendor's other pages let expect.
  std::vector<const ApiError*> refusals;
  std::vector<Gate> gates;  // behind the rate limit, in their order
  HandlerResult (*handler)(const Call& call);
  const ApiError* newer_429 = &errors::kRateLimitExceeded;  // of the current edition

  // Any one of these suffices.
  std::vector<std::string_view> ScopesIn(world::Edition edition) const;
  // A refusal as the edition words it.
  const ApiError& In(world::Edition edition, const ApiError& refusal) const;
  // The successes and, behind them, the refusals; each once, in their order.
  std::vector<int> Statuses() const;
};

std::span<const Operation> Operations();
// nullptr where none has that name.
const Operation* FindOperation(std::string_view name);

// Every scope that some operation asks for, each once.
std::vector<std::string> Scopes();

}  // namespace emulator::api
