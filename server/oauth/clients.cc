#include "oauth/clients.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/digest.h"
#include "base/text.h"
#include "http/query.h"

namespace emulator::oauth {

namespace {

// Credentials as the client sent them, not verified.
struct ClientCredentials {
  std::string id;
  std::optional<std::string> secret;
};

std::optional<ClientCredentials> ReadBasic(std::string_view header) {
  constexpr std::string_view kScheme = "Basic ";
  if (!EqualIgnoringCase(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  const auto pair = Base64Decode(header);
  if (!pair) return std::nullopt;
  const size_t colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  auto id = http::DecodeForm(pair->substr(0, colon));
  auto secret = http::DecodeForm(pair->substr(colon + 1));
  if (!id || id->empty() || !secret) return std::nullopt;
  if (secret->empty()) secret.reset();
  return ClientCredentials{std::move(*id), std::move(secret)};
}

// A 401 names the authentication scheme (RFC 9110 section 15.5.2).
api::HandlerResult RefuseClient(const api::Reason& reason) {
  api::HandlerResult result = RefuseForOAuth(reason);
  if (result.response.status == 401)
    result.response.headers.Add("WWW-Authenticate", "Basic realm=\"token\"");
  return result;
}

// Removes the port of a loopback URI such as "http://127.0.0.1:54321/callback", because native apps
// listen on any free port (RFC 8252 section 7.3). Other URIs stay unchanged.
std::string WithoutLoopbackPort(const std::string& uri) {
  for (const std::string_view origin : {"http://127.0.0.1", "http://[::1]"}) {
    if (!uri.starts_with(origin)) continue;
    const size_t end = std::min(uri.find_first_of("/?#", origin.size()), uri.size());
    const std::string_view port = std::string_view(uri).substr(origin.size(), end - origin.size());
    const bool is_port =
        port.starts_with(':') && port.find_first_not_of("0123456789", 1) == std::string_view::npos;
    return is_port ? std::string(origin) + uri.substr(end) : uri;
  }
  return uri;
}

}  // namespace

std::variant<fixtures::Client, api::HandlerResult> AuthenticateClient(const IdentityCall& call,
                                                                      const Form& form) {
  const std::string* header = call.request.headers.Find("Authorization");
  const std::string* id = form.Find("client_id");
  const std::string* secret = form.Find("client_secret");
  ClientCredentials sent;
  if (header) {
    auto basic = ReadBasic(*header);
    if (!basic) return RefuseClient(reasons::kBasicMalformed);
    // Some libraries also send the id in the form.
    if (secret || (id && *id != basic->id)) return RefuseClient(reasons::kClientTwice);
    sent = std::move(*basic);
  } else if (id) {
    sent = {*id, secret ? std::optional(*secret) : std::nullopt};
  } else {
    return RefuseClient(reasons::kClientMissing);
  }

  auto client = call.snapshot.fixtures->Read<fixtures::Client>(sent.id);
  if (!client) return RefuseClient(reasons::kClientUnknown);
  call.principal.client = client->id;
  if (client->secret && !sent.secret) return RefuseClient(reasons::kSecretMissing);
  if (sent.secret && !ConstantTimeEquals(*sent.secret, client->secret.value_or("")))
    return RefuseClient(reasons::kSecretWrong);
  return std::move(*client);
}

bool IsRegistered(const fixtures::Client& client, const std::string& redirect_uri) {
  return std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(),
                     [&](const std::string& registered) {
                       return registered == redirect_uri ||
                              WithoutLoopbackPort(registered) == WithoutLoopbackPort(redirect_uri);
                     });
}

}  // namespace emulator::oauth
