#include "api/authorization_information.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/connections.h"
#include "api/parameters.h"
#include "base/text.h"

namespace emulator::api {

namespace {

// [D] "must be a valid URL"; [U] which are. Ours: absolute, http or https, with a host, visible
// ASCII.
bool IsUrl(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualIgnoringCase(text.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return rest.find_first_of("/?#") != 0 && !rest.empty() &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  }
  return false;
}

}  // namespace

HandlerResult GetAuthorizationInformation(const Call& call) {
  const Parameter redirect_url = FindParameter(call.request, "redirectUrl");
  if (!IsUrl(redirect_url.value.value_or(""))) return Deny(reasons::kRedirectUrlInvalid);
  const std::string* user = call.token.user();
  const auto authorized = user ? call.snapshot.fixtures->IsAuthorized(*user) : std::nullopt;
  if (!authorized) return Deny(reasons::kUserMissing);

  // [D] the example's address, the redirect URL as it was sent: this page is the vendor's, and not
  // emulated. PUT /_emulator/users/{userId} stands in for it.
  const nlohmann::ordered_json body{
      {"authorizationInformation",
       {{"isUserAuthorized", *authorized},
        {"_links",
         {{"authorizationUrl",
           {{"href", "https://connect-itwinbridgeportal.bentley.com/authenticate?redirect_url=" +
                         *redirect_url.value}}}}}}}};
  return {JsonResponse(body)};
}

}  // namespace emulator::api
