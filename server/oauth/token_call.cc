// /connect/token (RFC 6749 section 3.2).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "door/base64.h"
#include "door/digest.h"
#include "oauth/calls.h"
#include "oauth/clients.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

using Defect = Grants::Defect;

constexpr auto kRefreshLifetime = std::chrono::hours(24 * 30);  // [U]

bool Contains(const std::vector<std::string>& scopes, std::string_view scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

nlohmann::ordered_json AccessTokenFor(const IdentityCall& call, const Grant& grant) {
  return {{"access_token",
           MakeAccessToken(call.issuing(),
                           {.client = grant.client, .user = grant.user, .scopes = grant.scopes})},
          {"expires_in", TokenOrder::kTokenLifetime.count()},
          {"token_type", "Bearer"},
          {"scope", Listed(grant.scopes, " ")}};
}

Outcome Give(const nlohmann::ordered_json& tokens) {
  // RFC 6749 section 5.1.
  return {{.headers = {{"Content-Type", "application/json"},
                       {"Cache-Control", "no-store"},
                       {"Pragma", "no-cache"}},
           .body = tokens.dump()}};
}

// For a user: what a log-in comes to, and each refresh of it.
Outcome GiveToUser(const IdentityCall& call, const Grant& grant,
                   const std::vector<std::string>& scopes) {
  call.concerned.user = grant.user;
  Grant narrowed = grant;
  narrowed.scopes = scopes;
  auto tokens = AccessTokenFor(call, narrowed);
  if (Contains(grant.scopes, "offline_access")) {
    Grant lasting = grant;
    lasting.expires = call.snapshot.now + kRefreshLifetime;
    lasting.nonce.clear();  // it is for the first ID token alone
    tokens["refresh_token"] = call.snapshot.world.grants.AddRefreshToken(std::move(lasting));
  }
  if (Contains(scopes, "openid"))
    tokens["id_token"] = MakeIdToken(call.issuing(), grant.client, grant.user, grant.nonce);
  return Give(tokens);
}

Outcome GiveForCredentials(const IdentityCall& call, const Form& form, const Client& client) {
  if (!client.secret) return RefuseForOAuth(causes::kOAuthClientPublic);
  const auto scopes = ScopesOf(form);
  if (!scopes) return RefuseForOAuth(causes::kOAuthScopeMalformed);
  call.concerned.user = client.user.value_or("");
  return Give(
      AccessTokenFor(call, {.client = client.id, .user = call.concerned.user, .scopes = *scopes}));
}

const Cause& CauseOfCode(Defect defect) {
  switch (defect) {
    case Defect::kUsed:
      return causes::kOAuthCodeUsed;
    case Defect::kExpired:
      return causes::kOAuthCodeExpired;
    case Defect::kUnknown:
      break;
  }
  return causes::kOAuthCodeUnknown;
}

const Cause& CauseOfRefreshToken(Defect defect) {
  switch (defect) {
    case Defect::kUsed:
      return causes::kOAuthRefreshUsed;
    case Defect::kExpired:
      return causes::kOAuthRefreshExpired;
    case Defect::kUnknown:
      break;
  }
  return causes::kOAuthRefreshUnknown;
}

Outcome GiveForCode(const IdentityCall& call, const Form& form, const Client& client) {
  Grants& grants = call.snapshot.world.grants;
  const std::string* code = form.Find("code");
  if (!code) return RefuseForOAuth(causes::kOAuthParameterMissing, "code");
  const auto found = grants.FindCode(*code, call.snapshot.now);
  if (found.grant && found.grant->client != client.id)
    return RefuseForOAuth(causes::kOAuthCodeOfAnother);
  if (!form.Find("redirect_uri"))
    return RefuseForOAuth(causes::kOAuthParameterMissing, "redirect_uri");
  if (found.grant && !found.grant->challenge.empty() && !form.Find("code_verifier"))
    return RefuseForOAuth(causes::kOAuthParameterMissing, "code_verifier");
  // Whatever is wrong beside it, the code is used up.
  const bool is_first_use = grants.UseCode(*code);
  if (!found.grant) return RefuseForOAuth(CauseOfCode(found.defect));
  if (!is_first_use) return RefuseForOAuth(causes::kOAuthCodeUsed);

  const Grant& grant = *found.grant;
  if (form.Text("redirect_uri") != grant.redirect_uri)
    return RefuseForOAuth(causes::kOAuthRedirectUriDiffers);
  const std::string verifier = form.Text("code_verifier");
  const bool is_proven = grant.challenge.empty()
                             ? verifier.empty()
                             : Base64UrlEncode(Sha256(verifier)) == grant.challenge;
  if (!is_proven) return RefuseForOAuth(causes::kOAuthVerifierWrong);
  return GiveToUser(call, grant, grant.scopes);
}

Outcome GiveForRefreshToken(const IdentityCall& call, const Form& form, const Client& client) {
  Grants& grants = call.snapshot.world.grants;
  const std::string* token = form.Find("refresh_token");
  if (!token) return RefuseForOAuth(causes::kOAuthParameterMissing, "refresh_token");
  const auto found = grants.FindRefreshToken(*token, call.snapshot.now);
  if (!found.grant) {
    if (found.defect == Defect::kUsed) grants.UseRefreshToken(*token);  // its log-in ends
    return RefuseForOAuth(CauseOfRefreshToken(found.defect));
  }
  const Grant& grant = *found.grant;
  if (grant.client != client.id) return RefuseForOAuth(causes::kOAuthRefreshOfAnother);

  std::vector<std::string> scopes = grant.scopes;
  if (const std::string* asked = form.Find("scope")) {
    const auto narrowed = ReadScopes(*asked);
    if (!narrowed) return RefuseForOAuth(causes::kOAuthScopeMalformed);
    const auto is_granted = [&](const std::string& s) { return Contains(grant.scopes, s); };
    if (!std::all_of(narrowed->begin(), narrowed->end(), is_granted))
      return RefuseForOAuth(causes::kOAuthScopeWidened);
    scopes = *narrowed;
  }
  // Another one may have been faster.
  if (!grants.UseRefreshToken(*token)) return RefuseForOAuth(causes::kOAuthRefreshUsed);
  return GiveToUser(call, grant, scopes);
}

}  // namespace

Outcome GiveToken(const IdentityCall& call) {
  const auto read = ReadBodyForm(call.request);
  if (const auto* cause = std::get_if<const Cause*>(&read)) return RefuseForOAuth(**cause);
  const Form& form = std::get<Form>(read);
  const std::string grant_type = form.Text("grant_type");
  if (grant_type.empty()) return RefuseForOAuth(causes::kOAuthParameterMissing, "grant_type");

  auto authenticated = AuthenticateClient(call, form);
  if (auto* refused = std::get_if<Outcome>(&authenticated)) return std::move(*refused);
  const Client& client = std::get<Client>(authenticated);

  if (grant_type == "client_credentials") return GiveForCredentials(call, form, client);
  if (grant_type == "authorization_code") return GiveForCode(call, form, client);
  if (grant_type == "refresh_token") return GiveForRefreshToken(call, form, client);
  return RefuseForOAuth(causes::kOAuthGrantTypeUnknown);
}

}  // namespace emulator
