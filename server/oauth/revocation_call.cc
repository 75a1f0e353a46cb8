// /connect/revocation (RFC 7009).
#include "oauth/calls.h"
#include "oauth/clients.h"

namespace emulator::oauth {

namespace {

// The client of an access token; empty: the token is not valid in this world.
std::string ClientOf(const IdentityCall& call, const std::string& token) {
  http::Request request = call.request;
  request.headers.Set("Authorization", "Bearer " + token);
  return std::string(tokens::TokenVerifier(call.issuer).Verify(request, call.snapshot).client());
}

}  // namespace

api::HandlerResult RevokeToken(const IdentityCall& call) {
  const auto read = ReadBodyForm(call.request);
  if (const auto* reason = std::get_if<const api::Reason*>(&read)) return RefuseForOAuth(**reason);
  const Form& form = std::get<Form>(read);
  auto authenticated = AuthenticateClient(call, form);
  if (auto* refused = std::get_if<api::HandlerResult>(&authenticated)) return std::move(*refused);
  const fixtures::Client& client = std::get<fixtures::Client>(authenticated);
  const std::string* token = form.Find("token");
  if (!token) return RefuseForOAuth(reasons::kParameterMissing, "token");

  // token_type_hint is optional and not needed. An unknown token is answered like a revoked one:
  // neither is valid (section 2.2).
  world::Grants& grants = call.snapshot.world.grants;
  if (const auto refresh = grants.FindRefreshToken(*token, call.snapshot.now); refresh.grant) {
    if (refresh.grant->client != client.id) return RefuseForOAuth(reasons::kTokenOfAnother);
    grants.RevokeRefreshToken(*token);
  } else if (const std::string owner = ClientOf(call, *token); !owner.empty()) {
    if (owner != client.id) return RefuseForOAuth(reasons::kTokenOfAnother);
    grants.RevokeAccessToken(*token);
  }
  return {http::Response{.headers = {{"Cache-Control", "no-store"}}}};
}

}  // namespace emulator::oauth
