// Client authentication (RFC 6749 section 2.3).
// Threads: any.
#pragma once

#include <variant>

#include "oauth/calls.h"
#include "oauth/form.h"

namespace emulator::oauth {

// The client sends its id and secret in the form [D], or by HTTP Basic, each URL-encoded first (as
// the vendor's command-line client sends them). A client without a secret sends only its id.
std::variant<fixtures::Client, api::HandlerResult> AuthenticateClient(const IdentityCall& call,
                                                                      const Form& form);

// Whether the client may use this redirect_uri. The port of a loopback address may differ.
bool IsRegistered(const fixtures::Client& client, const std::string& redirect_uri);

}  // namespace emulator::oauth
