// /connect/authorize (RFC 6749 section 4.1.1, RFC 7636): sends the user back to the client with a
// code. login_hint names the user, or the user chooses on a page. There are no passwords and no
// sessions: every request is a new log-in.
#include <algorithm>

#include "base/text.h"
#include "oauth/authorize_page.h"
#include "oauth/calls.h"
#include "oauth/clients.h"

namespace emulator::oauth {

namespace {

constexpr auto kCodeLifetime = std::chrono::minutes(5);  // [U]

// A request whose client and redirect_uri are verified, so that errors may go to the client.
struct AuthorizeRequest {
  const Form& form;
  const fixtures::Client& client;
  const std::string redirect_uri;
};

api::HandlerResult SendBack(const AuthorizeRequest& request,
                            std::vector<std::pair<std::string, std::string>> parameters) {
  parameters.emplace_back("state", request.form.Text("state"));
  return {{.status = 302,
           .headers = {{"Location", WithQuery(request.redirect_uri, parameters)},
                       {"Cache-Control", "no-store"}}}};
}

api::HandlerResult SendBackRefused(const AuthorizeRequest& request, const api::Reason& reason,
                                   std::string_view more = {}) {
  api::HandlerResult result =
      SendBack(request, {{"error", std::string(reason.error->code)},
                         {"error_description", DescriptionOf(*reason.error, more)}});
  result.reason = &reason;
  return result;
}

bool IsChallenge(std::string_view text) {
  return text.size() == 43 && std::all_of(text.begin(), text.end(), [](char c) {
           return IsLetterOrDigit(c) || c == '-' || c == '_';
         });
}

// The reason to refuse the other parameters; nullptr: they are valid.
const api::Reason* ReasonToRefuse(const AuthorizeRequest& request) {
  const Form& form = request.form;
  if (form.Find("request")) return &reasons::kRequestObject;
  if (form.Find("request_uri")) return &reasons::kRequestUri;
  if (form.Text("response_type") != "code") return &reasons::kResponseTypeUnknown;
  const std::string* mode = form.Find("response_mode");
  if (mode && *mode != "query") return &reasons::kResponseModeUnknown;
  if (!RequestedScopes(form)) return &reasons::kScopeMalformed;
  const std::string* challenge = form.Find("code_challenge");
  if (!challenge) return request.client.secret ? nullptr : &reasons::kChallengeMissing;
  // A missing method means "plain" (RFC 7636 section 4.3), which is not supported.
  if (form.Text("code_challenge_method") != "S256" || !IsChallenge(*challenge))
    return &reasons::kChallengeMalformed;
  return nullptr;
}

api::HandlerResult LogIn(const IdentityCall& call, const AuthorizeRequest& request,
                         const std::string& user) {
  call.principal.user = user;
  world::Grant grant{.client = request.client.id,
                     .user = user,
                     .scopes = RequestedScopes(request.form).value(),
                     .expires = call.snapshot.now + kCodeLifetime,
                     .redirect_uri = request.form.Text("redirect_uri"),
                     .challenge = request.form.Text("code_challenge"),
                     .nonce = request.form.Text("nonce")};
  return SendBack(request, {{"code", call.snapshot.world.grants.AddCode(std::move(grant))}});
}

api::HandlerResult ShowPage(const IdentityCall& call, const AuthorizeRequest& request) {
  std::vector<std::string> users;
  for (const auto& item : call.snapshot.fixtures->ReadAll().users.items)
    users.push_back(item.row.id);
  // The page runs no scripts and fetches nothing.
  return {{.headers = {{"Content-Type", "text/html; charset=utf-8"},
                       {"Cache-Control", "no-store"},
                       {"Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action *"}},
           .body = LogInPage(request.client.id, users, request.form,
                             call.base_url() + "/connect/authorize")}};
}

}  // namespace

api::HandlerResult Authorize(const IdentityCall& call) {
  const auto read = call.request.method == "POST" ? ReadBodyForm(call.request)
                                                  : ReadQueryForm(call.request.target);
  if (const auto* reason = std::get_if<const api::Reason*>(&read)) return RefuseForOAuth(**reason);
  const Form& form = std::get<Form>(read);
  const auto client = call.snapshot.fixtures->Read<fixtures::Client>(form.Text("client_id"));
  if (!client) return RefuseForOAuth(reasons::kUnknownClientAsks);
  call.principal.client = client->id;
  const std::string redirect_uri = form.Text("redirect_uri");
  if (!IsRegistered(*client, redirect_uri)) return RefuseForOAuth(reasons::kRedirectUriUnknown);

  const AuthorizeRequest request{form, *client, redirect_uri};
  if (!form.Find("response_type"))
    return SendBackRefused(request, reasons::kParameterMissing, "response_type");
  if (const api::Reason* reason = ReasonToRefuse(request)) return SendBackRefused(request, *reason);
  if (form.Find(kDeclined)) return SendBackRefused(request, reasons::kUserDeclined);
  if (const std::string* user = form.Find("login_hint")) {
    if (!call.snapshot.fixtures->Read<fixtures::User>(*user))
      return SendBackRefused(request, reasons::kUserUnknown);
    return LogIn(call, request, *user);
  }
  if (form.Text("prompt") == "none") return SendBackRefused(request, reasons::kLoginRequired);
  return ShowPage(call, request);
}

}  // namespace emulator::oauth
