// The calls of the identity service, as functions: what each answers. identity_service.cc has the
// table that leads to them.
// Threads: any.
#pragma once

#include <string>

#include "api/oauth_causes.h"
#include "api/operations.h"
#include "api/service.h"
#include "door/http.h"
#include "identity/issuer.h"
#include "identity/token_maker.h"
#include "oauth/form.h"
#include "world/world.h"

namespace emulator {

struct IdentityCall {
  const Request& request;
  const Snapshot& snapshot;
  const Issuer& issuer;
  const std::string& root_url;  // where the emulator was reached
  Concerned& concerned;

  Issuing issuing() const { return {issuer, snapshot.world, root_url, snapshot.now}; }
  // What the paths of the World begin with.
  std::string base_url() const { return root_url + snapshot.world.path_prefix(); }
};

// REQUIRES: a cause of oauth_causes.h. `more` continues its description.
Outcome RefuseForOAuth(const Cause& cause, std::string_view more = {});

// metadata_calls.cc
Outcome TellMetadata(const IdentityCall& call);
Outcome TellKeys(const IdentityCall& call);

// authorize_call.cc
Outcome Authorize(const IdentityCall& call);

// token_call.cc
Outcome GiveToken(const IdentityCall& call);

// revocation_call.cc
Outcome RevokeToken(const IdentityCall& call);

}  // namespace emulator
