// Which client is calling, and whether it is that one (RFC 6749 section 2.3).
// Threads: any.
#pragma once

#include <variant>

#include "oauth/calls.h"
#include "oauth/form.h"

namespace emulator::oauth {

// The client's id and secret come by HTTP Basic, each URL-encoded first, or in the form [D the
// form, S Basic]. One without a secret sends its id alone.
std::variant<fixtures::Client, api::HandlerResult> AuthenticateClient(const IdentityCall& call,
                                                                      const Form& form);

// Whether an authorization request of the client may name that address.
bool IsRegistered(const fixtures::Client& client, const std::string& redirect_uri);

}  // namespace emulator::oauth
