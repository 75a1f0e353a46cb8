// The vendor's identity service, which issues tokens to clients (OAuth 2.0, OpenID Connect). Each
// world is a separate issuer under the same paths.
//
// [D] the paths /connect/token and /connect/authorize, the grants, PKCE with S256, tokens of 3600
// seconds; [I] everything else: the vendor does not document it, so it follows the RFCs.
//
// Its calls are journaled with the secrets in their bodies redacted. Planned faults apply to them;
// rate limits do not.
//
// Threads: any; immutable after construction.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/service.h"
#include "http/router.h"
#include "oauth/calls.h"
#include "tokens/issuer.h"

namespace emulator::oauth {

struct IdentityRow {
  std::string_view name;
  http::Route route;
  std::string_view meaning;
  api::HandlerResult (*handler)(const IdentityCall& call);
};
std::span<const IdentityRow> IdentityRows();

class IdentityService {
 public:
  // `issuer` must outlive this. `log_error` receives the details of a 500.
  IdentityService(const tokens::Issuer& issuer, api::ErrorLog log_error);

  const tokens::Issuer& issuer() const { return issuer_; }

  // True for a path of the identity service.
  static bool Owns(std::string_view path);

  // `path`: the request's path within the world. `root_url`: the URL the client used for the
  // emulator. Never throws.
  api::RequestRecord Answer(const http::Request& request, std::string_view path,
                            world::World& world, const std::string& root_url) const;

 private:
  void RunGates(const http::Request& request, std::string_view path,
                const world::Snapshot& snapshot, const std::string& root_url,
                api::RequestRecord& record) const;

  const tokens::Issuer& issuer_;
  const api::ErrorLog log_error_;
  const http::Router router_;  // row numbers are those of IdentityRows()
};

}  // namespace emulator::oauth
