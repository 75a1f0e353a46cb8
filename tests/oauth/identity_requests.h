// Requests to the identity service, and what tests read of its answers.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/base64.h"
#include "base/digest.h"
#include "base/text.h"
#include "http/query.h"
#include "oauth/form.h"
#include "support/test_emulator.h"

namespace emulator::oauth {

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline const std::string kVerifier = "a-verifier-of-forty-three-characters-or-more-1";
inline const std::string kChallenge = Base64UrlEncode(Sha256(kVerifier));
inline const std::string kRedirect = "http://127.0.0.1:4711/callback";

inline std::string Encoded(const Parameters& parameters) {
  return WithQuery("", parameters).substr(parameters.empty() ? 0 : 1);
}

inline http::Request Posting(const std::string& path, const Parameters& parameters) {
  return {
      .method = "POST",
      .target = path,
      .headers = {{"Host", "emulator.test"}, {"Content-Type", "application/x-www-form-urlencoded"}},
      .body = Encoded(parameters)};
}
inline http::Request TokenForm(const Parameters& parameters) {
  return Posting("/connect/token", parameters);
}
inline http::Request By(http::Request request, const std::string& id, const std::string& secret) {
  std::string pair = PercentEncode(id) + ":" + PercentEncode(secret), text;
  // HTTP Basic requires base64 with padding.
  text = Base64UrlEncode(pair);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  request.headers.Add("Authorization", "Basic " + text);
  return request;
}

inline const Parameters kCredentials{{"grant_type", "client_credentials"},
                                     {"client_id", "service-app"},
                                     {"client_secret", "service-app-secret"},
                                     {"scope", "itwin-platform"}};

inline Parameters AuthorizeParameters() {
  return {{"client_id", "browser-app"},   {"redirect_uri", kRedirect},
          {"response_type", "code"},      {"scope", "openid offline_access itwin-platform"},
          {"state", "a state"},           {"nonce", "n-1"},
          {"code_challenge", kChallenge}, {"code_challenge_method", "S256"},
          {"login_hint", "reader"}};
}

// Replaces or adds parameters; an empty value removes one.
inline Parameters But(Parameters parameters, const Parameters& others) {
  for (const auto& [name, value] : others) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&, &name = name](const auto& parameter) { return parameter.first == name; });
    if (found == parameters.end())
      parameters.emplace_back(name, value);
    else
      found->second = value;
  }
  return parameters;
}

inline http::Request AuthorizeRequest(const Parameters& parameters) {
  http::Request request = Get(WithQuery("/connect/authorize", parameters));
  request.headers.Add("Host", "emulator.test");
  return request;
}

// A query parameter of the Location header; "(none)" if it is missing.
inline std::string Sent(const http::Response& response, std::string_view name) {
  const std::string location = HeaderOf(response, "Location");
  for (const auto& [known, value] : http::QueryParts(location))
    if (known == name) return http::DecodeForm(value).value();
  return "(none)";
}

inline std::string LogIn(TestEmulator& ask, const Parameters& others = {}) {
  const http::Response response = ask(AuthorizeRequest(But(AuthorizeParameters(), others)));
  REQUIRE(response.status == 302);
  return Sent(response, "code");
}

inline Parameters Exchange(const std::string& code) {
  return {{"grant_type", "authorization_code"},
          {"code", code},
          {"redirect_uri", kRedirect},
          {"client_id", "browser-app"},
          {"code_verifier", kVerifier}};
}
inline Parameters Refresh(const std::string& token) {
  return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "browser-app"}};
}

inline nlohmann::json TokensOf(TestEmulator& ask, const Parameters& parameters) {
  const http::Response response = ask(TokenForm(parameters));
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return BodyOf(response);
}

inline nlohmann::json ClaimsOf(TestEmulator& ask, const nlohmann::json& token) {
  const auto payload = ask.issuer.key().Verify(token.get<std::string>());
  REQUIRE(std::holds_alternative<std::string>(payload));
  return nlohmann::json::parse(std::get<std::string>(payload));
}

inline http::Response ReadConnection(TestEmulator& ask, const std::string& token,
                                     const std::string& sandbox = "") {
  http::Request request = Get(sandbox + kExamplePath, token);
  request.headers.Add("Host", "emulator.test");
  return ask(request);
}

}  // namespace emulator::oauth
