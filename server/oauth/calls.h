// The calls of the identity service, one function each; identity_service.cc has their table.
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
  const std::string& root_url;  // the URL the client used for the emulator
  api::Principal& principal;    // of the request's record: the call sets what it learns

  tokens::Issuing issuing() const { return {issuer, snapshot.world, root_url, snapshot.now}; }
  // The URL of the world: its paths follow.
  std::string base_url() const { return root_url + snapshot.world.path_prefix(); }
};

// REQUIRES: a reason of oauth/reasons.h. `more` continues the description.
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
