// The vendor's identity service: from it clients get their tokens (OAuth 2.0, OpenID Connect). A
// World of the emulator is an issuer of its own, under the same paths.
//
// [D] the paths /connect/token and /connect/authorize, the grants, PKCE with S256, tokens of 3600
// seconds; [I] all else of it, for it is not documented: the RFCs are kept to.
//
// Its calls are journaled without what is secret in their bodies, and planned faults strike them;
// they are not metered.
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
  // `issuer` outlives this. `complain`: as the Service's.
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
