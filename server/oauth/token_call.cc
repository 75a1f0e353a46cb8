// /connect/token (RFC 6749 section 3.2).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/digest.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "oauth/calls.h"
#include "oauth/clients.h"

namespace emulator::oauth {

namespace {

using Error = world::Grants::Error;

constexpr auto kRefreshLifetime = std::chrono::hours(24 * 30);  // [U]

bool Contains(const std::vector<std::string>& scopes, std::string_view scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

nlohmann::ordered_json AccessTokenFor(const IdentityCall& call, const world::Grant& grant) {
  return {{"access_token", tokens::MakeAccessToken(call.issuing(), {.client = grant.client,
                                                                    .user = grant.user,
                                                                    .scopes = grant.scopes})},
          {"expires_in", tokens::TokenSpec::kTokenLifetime.count()},
          {"token_type", "Bearer"},
          {"scope", Join(grant.scopes, " ")}};
}

api::HandlerResult TokenResponse(const nlohmann::ordered_json& tokens) {
  // RFC 6749 section 5.1.
  return {{.headers = {{"Content-Type", "application/json"},
                       {"Cache-Control", "no-store"},
                       {"Pragma", "no-cache"}},
           .body = tokens.dump()}};
}

// The tokens for a user, after a log-in and after each refresh.
api::HandlerResult TokensForUser(const IdentityCall& call, const world::Grant& grant,
                                 const std::vector<std::string>& scopes) {
  call.principal.user = grant.user;
  world::Grant narrowed = grant;
  narrowed.scopes = scopes;
  auto tokens = AccessTokenFor(call, narrowed);
  if (Contains(grant.scopes, "offline_access")) {
    world::Grant lasting = grant;
    lasting.expires = call.snapshot.now + kRefreshLifetime;
    lasting.nonce.clear();  // only the first ID token has it
    tokens["refresh_token"] = call.snapshot.world.grants.AddRefreshToken(std::move(lasting));
  }
  if (Contains(scopes, "openid"))
    tokens["id_token"] = tokens::MakeIdToken(call.issuing(), grant.client, grant.user, grant.nonce);
  return TokenResponse(tokens);
}

api::HandlerResult AnswerClientCredentials(const IdentityCall& call, const Form& form,
                                           const fixtures::Client& client) {
  if (!client.secret) return RefuseForOAuth(reasons::kClientPublic);
  const auto scopes = RequestedScopes(form);
  if (!scopes) return RefuseForOAuth(reasons::kScopeMalformed);
  call.principal.user = client.user.value_or("");
  return TokenResponse(
      AccessTokenFor(call, {.client = client.id, .user = call.principal.user, .scopes = *scopes}));
}

const api::Reason& ReasonForCode(Error error) {
  switch (error) {
    case Error::kUsed:
      return reasons::kCodeUsed;
    case Error::kExpired:
      return reasons::kCodeExpired;
    case Error::kUnknown:
      break;
  }
  return reasons::kCodeUnknown;
}

const api::Reason& ReasonForRefreshToken(Error error) {
  switch (error) {
    case Error::kUsed:
      return reasons::kRefreshUsed;
    case Error::kExpired:
      return reasons::kRefreshExpired;
    case Error::kUnknown:
      break;
  }
  return reasons::kRefreshUnknown;
}

api::HandlerResult AnswerCode(const IdentityCall& call, const Form& form,
                              const fixtures::Client& client) {
  world::Grants& grants = call.snapshot.world.grants;
  const std::string* code = form.Find("code");
  if (!code) return RefuseForOAuth(reasons::kParameterMissing, "code");
  const auto found = grants.FindCode(*code, call.snapshot.now);
  if (found.grant && found.grant->client != client.id)
    return RefuseForOAuth(reasons::kCodeOfAnother);
  if (!form.Find("redirect_uri")) return RefuseForOAuth(reasons::kParameterMissing, "redirect_uri");
  if (found.grant && !found.grant->challenge.empty() && !form.Find("code_verifier"))
    return RefuseForOAuth(reasons::kParameterMissing, "code_verifier");
  // The code counts as used even if the request fails below.
  const bool is_first_use = grants.UseCode(*code);
  if (!found.grant) return RefuseForOAuth(ReasonForCode(found.error));
  if (!is_first_use) return RefuseForOAuth(reasons::kCodeUsed);

  const world::Grant& grant = *found.grant;
  if (form.Text("redirect_uri") != grant.redirect_uri)
    return RefuseForOAuth(reasons::kRedirectUriDiffers);
  const std::string verifier = form.Text("code_verifier");
  const bool is_proven = grant.challenge.empty()
                             ? verifier.empty()
                             : Base64UrlEncode(Sha256(verifier)) == grant.challenge;
  if (!is_proven) return RefuseForOAuth(reasons::kVerifierWrong);
  return TokensForUser(call, grant, grant.scopes);
}

api::HandlerResult AnswerRefreshToken(const IdentityCall& call, const Form& form,
                                      const fixtures::Client& client) {
  world::Grants& grants = call.snapshot.world.grants;
  const std::string* token = form.Find("refresh_token");
  if (!token) return RefuseForOAuth(reasons::kParameterMissing, "refresh_token");
  const auto found = grants.FindRefreshToken(*token, call.snapshot.now);
  if (!found.grant) {
    if (found.error == Error::kUsed) grants.UseRefreshToken(*token);  // ends the log-in
    return RefuseForOAuth(ReasonForRefreshToken(found.error));
  }
  const world::Grant& grant = *found.grant;
  if (grant.client != client.id) return RefuseForOAuth(reasons::kRefreshOfAnother);

  std::vector<std::string> scopes = grant.scopes;
  if (const std::string* requested = form.Find("scope")) {
    const auto narrowed = ReadScopes(*requested);
    if (!narrowed) return RefuseForOAuth(reasons::kScopeMalformed);
    const auto is_granted = [&](const std::string& s) { return Contains(grant.scopes, s); };
    if (!std::all_of(narrowed->begin(), narrowed->end(), is_granted))
      return RefuseForOAuth(reasons::kScopeWidened);
    scopes = *narrowed;
  }
  // Another request may have used it meanwhile.
  if (!grants.UseRefreshToken(*token)) return RefuseForOAuth(reasons::kRefreshUsed);
  return TokensForUser(call, grant, scopes);
}

}  // namespace

api::HandlerResult IssueToken(const IdentityCall& call) {
  const auto read = ReadBodyForm(call.request);
  if (const auto* reason = std::get_if<const api::Reason*>(&read)) return RefuseForOAuth(**reason);
  const Form& form = std::get<Form>(read);
  const std::string grant_type = form.Text("grant_type");
  if (grant_type.empty()) return RefuseForOAuth(reasons::kParameterMissing, "grant_type");

  auto authenticated = AuthenticateClient(call, form);
  if (auto* refused = std::get_if<api::HandlerResult>(&authenticated)) return std::move(*refused);
  const fixtures::Client& client = std::get<fixtures::Client>(authenticated);

  if (grant_type == "client_credentials") return AnswerClientCredentials(call, form, client);
  if (grant_type == "authorization_code") return AnswerCode(call, form, client);
  if (grant_type == "refresh_token") return AnswerRefreshToken(call, form, client);
  return RefuseForOAuth(reasons::kGrantTypeUnknown);
}

}  // namespace emulator::oauth
