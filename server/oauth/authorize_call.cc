// /connect/authorize (RFC 6749 section 4.1.1, RFC 7636): sends the user back to the client with a
// code. Who the user is, login_hint says, or else the user, on a page. There are no passwords, and
// no sessions: each time is the first.
#include <algorithm>

#include "oauth/authorize_page.h"
#include "oauth/calls.h"
#include "oauth/clients.h"

namespace emulator::oauth {

namespace {

constexpr auto kCodeLifetime = std::chrono::minutes(5);  // [U]

// What the client asked for, once it is known that an answer may go to it.
struct AuthorizeRequest {
  const Form& form;
  const fixtures::Client& client;
  const std::string redirect_uri;
};

api::HandlerResult SendBack(const AuthorizeRequest& asked,
                            std::vector<std::pair<std::string, std::string>> parameters) {
  parameters.emplace_back("state", asked.form.Text("state"));
  return {{.status = 302,
           .headers = {{"Location", WithQuery(asked.redirect_uri, parameters)},
                       {"Cache-Control", "no-store"}}}};
}

api::HandlerResult SendBackRefused(const AuthorizeRequest& asked, const api::Reason& reason,
                                   std::string_view more = {}) {
  api::HandlerResult outcome =
      SendBack(asked, {{"error", std::string(reason.error->code)},
                       {"error_description", DescriptionOf(*reason.error, more)}});
  outcome.reason = &reason;
  return outcome;
}

bool IsChallenge(std::string_view text) {
  return text.size() == 43 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

// What is wrong with the request beside its client and its redirect_uri; nullptr: nothing.
const api::Reason* DiagnosticFor(const AuthorizeRequest& asked) {
  const Form& form = asked.form;
  if (form.Find("request")) return &reasons::kRequestObject;
  if (form.Find("request_uri")) return &reasons::kRequestUri;
  if (form.Text("response_type") != "code") return &reasons::kResponseTypeUnknown;
  const std::string* mode = form.Find("response_mode");
  if (mode && *mode != "query") return &reasons::kResponseModeUnknown;
  if (!RequestedScopes(form)) return &reasons::kScopeMalformed;
  const std::string* challenge = form.Find("code_challenge");
  if (!challenge) return asked.client.secret ? nullptr : &reasons::kChallengeMissing;
  // A method that is left out is "plain" (RFC 7636 section 4.3), which nobody should use.
  if (form.Text("code_challenge_method") != "S256" || !IsChallenge(*challenge))
    return &reasons::kChallengeMalformed;
  return nullptr;
}

api::HandlerResult LogIn(const IdentityCall& call, const AuthorizeRequest& asked,
                         const std::string& user) {
  call.principal.user = user;
  world::Grant grant{.client = asked.client.id,
                     .user = user,
                     .scopes = RequestedScopes(asked.form).value(),
                     .expires = call.snapshot.now + kCodeLifetime,
                     .redirect_uri = asked.form.Text("redirect_uri"),
                     .challenge = asked.form.Text("code_challenge"),
                     .nonce = asked.form.Text("nonce")};
  return SendBack(asked, {{"code", call.snapshot.world.grants.AddCode(std::move(grant))}});
}

api::HandlerResult ShowPage(const IdentityCall& call, const AuthorizeRequest& asked) {
  std::vector<std::string> users;
  for (const auto& item : call.snapshot.fixtures->ReadAll().users.items)
    users.push_back(item.row.id);
  // Nothing of the page runs or is fetched.
  return {{.headers = {{"Content-Type", "text/html; charset=utf-8"},
                       {"Cache-Control", "no-store"},
                       {"Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action *"}},
           .body = LogInPage(asked.client.id, users, asked.form,
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

  const AuthorizeRequest asked{form, *client, redirect_uri};
  if (!form.Find("response_type"))
    return SendBackRefused(asked, reasons::kParameterMissing, "response_type");
  if (const api::Reason* defect = DiagnosticFor(asked)) return SendBackRefused(asked, *defect);
  if (form.Find(kDeclined)) return SendBackRefused(asked, reasons::kUserDeclined);
  if (const std::string* user = form.Find("login_hint")) {
    if (!call.snapshot.fixtures->Read<fixtures::User>(*user))
      return SendBackRefused(asked, reasons::kUserUnknown);
    return LogIn(call, asked, *user);
  }
  if (form.Text("prompt") == "none") return SendBackRefused(asked, reasons::kLoginRequired);
  return ShowPage(call, asked);
}

}  // namespace emulator::oauth
