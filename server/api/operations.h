// The table of the vendor's operations. Routing, 405 and Allow, --help, the contract warnings and
// the tests' list of golden files read the same rows; a test compares them with the contract,
// schema/openapi.json.
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

// A call that passed routing, authentication, scope and rate limit.
struct Call {
  const tokens::AccessToken& token;
  const http::PathParameters& parameters;
  const world::Snapshot& snapshot;
  const http::Request& request;
  const std::string& public_url;  // base of links; empty: the URL the client used

  // The base of links, including the sandbox.
  std::string BaseUrl() const { return world::BaseUrl(public_url, request, snapshot.world.name); }
};

struct HandlerResult {
  http::Response response;
  const Reason* reason = nullptr;  // of the refusal; nullptr: a success
};

// REQUIRES: the reason has an error.
HandlerResult Deny(const Reason& reason);
// With these details instead of the error's own. REQUIRES: at least one.
HandlerResult Deny(const Reason& reason, const std::vector<ErrorDetail>& details);

// The scope of the newer pages; it is sufficient for every operation.
inline constexpr std::string_view kPlatformScope = "itwin-platform";

struct Operation {
  std::string_view name;  // as in the address of the vendor's page
  http::Route route;
  std::string_view scope;  // of the older page
  Citation citation;       // the page's description
  std::vector<int> successes;
  // The errors that its page documents, or that the vendor's other pages suggest.
  std::vector<const ApiError*> refusals;
  std::vector<Gate> gates;  // after the rate limit, in order
  HandlerResult (*handler)(const Call& call);
  const ApiError* newer_429 = &errors::kRateLimitExceeded;  // of the current edition

  // One of these scopes is sufficient.
  std::vector<std::string_view> ScopesIn(world::Edition edition) const;
  // The error in the wording of the edition.
  const ApiError& In(world::Edition edition, const ApiError& refusal) const;
  // All statuses without duplicates: successes, then refusals.
  std::vector<int> Statuses() const;
};

std::span<const Operation> Operations();
// nullptr: unknown name.
const Operation* FindOperation(std::string_view name);

// The scopes of all operations, without duplicates.
std::vector<std::string> Scopes();

}  // namespace emulator::api
