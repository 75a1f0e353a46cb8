// The calls of the identity service, as functions: what each answers. identity_service.cc has the
// table that leads to them.
// Threads: any.
#pragma once

#include <string>

#include "api/operations.h"
#include "api/service.h"
#include "http/request.h"
#include "oauth/form.h"
#include "oauth/reasons.h"
#include "tokens/issuer.h"
#include "tokens/token_maker.h"
#include "world/world.h"

namespace emulator::oauth {

struct IdentityCall {
  const http::Request& request;
  const world::Snapshot& snapshot;
  const tokens::Issuer& issuer;
  const std::string& root_url;  // where the emulator was reached
  api::Principal& principal;

  tokens::Issuing issuing() const { return {issuer, snapshot.world, root_url, snapshot.now}; }
  // What the paths of the World begin with.
  std::string base_url() const { return root_url + snapshot.world.path_prefix(); }
};

// REQUIRES: a cause of oauth_causes.h. `more` continues its description.
api::HandlerResult RefuseForOAuth(const api::Reason& reason, std::string_view more = {});

// metadata_calls.cc
api::HandlerResult GetMetadata(const IdentityCall& call);
api::HandlerResult GetKeys(const IdentityCall& call);

// authorize_call.cc
api::HandlerResult Authorize(const IdentityCall& call);

// token_call.cc
api::HandlerResult IssueToken(const IdentityCall& call);

// revocation_call.cc
api::HandlerResult RevokeToken(const IdentityCall& call);

}  // namespace emulator::oauth
