// The metadata by which clients find the other calls (OpenID Connect Discovery 1.0), and the public
// key that verifies tokens.
#include <nlohmann/json.hpp>

#include "oauth/calls.h"

namespace emulator::oauth {

namespace {

using nlohmann::ordered_json;

api::HandlerResult PublicJson(const ordered_json& body) {
  return {{.headers = {{"Content-Type", "application/json"}}, .body = body.dump()}};
}

}  // namespace

api::HandlerResult GetMetadata(const IdentityCall& call) {
  const std::string base = call.base_url();
  call.issuer.AddAlias(call.root_url);
  std::vector<std::string> scopes = api::Scopes();
  scopes.insert(scopes.end(), {"openid", "offline_access"});
  const ordered_json client_methods{"client_secret_basic", "client_secret_post", "none"};
  return PublicJson({
      {"issuer", call.issuer.NameOf(call.snapshot.world, call.root_url)},
      {"authorization_endpoint", base + "/connect/authorize"},
      {"token_endpoint", base + "/connect/token"},
      {"revocation_endpoint", base + "/connect/revocation"},
      {"jwks_uri", base + "/.well-known/openid-configuration/jwks"},
      {"scopes_supported", scopes},
      {"response_types_supported", {"code"}},
      {"response_modes_supported", {"query"}},
      {"grant_types_supported", {"authorization_code", "client_credentials", "refresh_token"}},
      {"subject_types_supported", {"public"}},
      {"id_token_signing_alg_values_supported", {"RS256"}},
      {"token_endpoint_auth_methods_supported", client_methods},
      {"revocation_endpoint_auth_methods_supported", client_methods},
      {"code_challenge_methods_supported", {"S256"}},
      {"request_parameter_supported", false},
      {"request_uri_parameter_supported", false},
      {"claims_supported", {"iss", "sub", "aud", "exp", "iat", "nbf", "nonce"}},
  });
}

api::HandlerResult GetKeys(const IdentityCall& call) {
  return PublicJson(
      {{"keys", ordered_json::array({ordered_json::parse(call.issuer.key().public_jwk())})}});
}

}  // namespace emulator::oauth
