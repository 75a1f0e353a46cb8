#include "api/authorization_information.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/connections.h"
#include "api/parameters.h"
#include "base/text.h"

namespace emulator::api {

namespace {

// [D] "must be a valid URL"; [U] which URLs are valid. Ours: absolute, http or https, with a host,
// visible ASCII.
bool IsUrl(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualIgnoringCase(text.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return rest.find_first_of("/?#") != 0 && !rest.empty() &&
           std::all_of(rest.begin(), rest.end(), IsVisible);
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

  // [D] The address of the example, with the redirect URL unchanged. The vendor's page is not
  // emulated; a test sets "authorized" by PUT /_emulator/users/{userId} instead.
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
