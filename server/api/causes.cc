#include "api/causes.h"

#include "api/oauth_causes.h"

namespace emulator {

namespace {

constexpr const Cause* kAllCauses[] = {
    &causes::kAuthorizationMissing,
    &causes::kAuthorizationRepeated,
    &causes::kAuthorizationNotBearer,
    &causes::kTokenUnknown,
    &causes::kTokenMalformed,
    &causes::kTokenAlgorithm,
    &causes::kTokenUnknownKey,
    &causes::kTokenBadSignature,
    &causes::kTokenBadClaims,
    &causes::kTokenWrongIssuer,
    &causes::kTokenWrongAudience,
    &causes::kTokenNotYetValid,
    &causes::kTokenExpired,
    &causes::kTokenRevoked,
    &causes::kClientUnknown,
    &causes::kScopeMissing,
    &causes::kRateLimited,
    &causes::kConnectionUnknown,
    &causes::kPermissionMissing,
    &causes::kUserMissing,
    &causes::kConnectionInvalid,
    &causes::kConnectionIdInvalid,
    &causes::kRunInvalid,
    &causes::kQueryInvalid,
    &causes::kRedirectUrlInvalid,
    &causes::kIModelUnknown,
    &causes::kRunUnknown,
    &causes::kUserNotAuthorized,
    &causes::kConnectionInUse,
    &causes::kRunSimultaneous,
    &causes::kFaultPlanned,
    &causes::kPrefer,
    &causes::kPreferUndocumented,
    &causes::kRouteUnknown,
    &causes::kPathMalformed,
    &causes::kMethodUnknown,
    &causes::kSandboxNameInvalid,
    &causes::kTwoSandboxes,
    &causes::kTooManySandboxes,
    &causes::kRequestMalformed,
    &causes::kRequestTimeout,
    &causes::kBodyTooLarge,
    &causes::kRequestLineTooLong,
    &causes::kBodyCompressed,
    &causes::kHeadersTooLarge,
    &causes::kTransferCodingUnknown,
    &causes::kHttpVersionUnsupported,
    &causes::kTlsMissing,
    &causes::kTlsHandshakeFailed,
    &causes::kConnectionsExhausted,
    &causes::kServerStopping,
    &causes::kEmulatorFailed,
    &causes::kOAuthNoForm,
    &causes::kOAuthFormMalformed,
    &causes::kOAuthParameterRepeated,
    &causes::kOAuthParameterMissing,
    &causes::kOAuthGrantTypeUnknown,
    &causes::kOAuthClientMissing,
    &causes::kOAuthClientTwice,
    &causes::kOAuthBasicMalformed,
    &causes::kOAuthClientUnknown,
    &causes::kOAuthSecretMissing,
    &causes::kOAuthSecretWrong,
    &causes::kOAuthClientPublic,
    &causes::kOAuthScopeMalformed,
    &causes::kOAuthScopeWidened,
    &causes::kOAuthCodeUnknown,
    &causes::kOAuthCodeUsed,
    &causes::kOAuthCodeExpired,
    &causes::kOAuthCodeOfAnother,
    &causes::kOAuthRedirectUriDiffers,
    &causes::kOAuthVerifierWrong,
    &causes::kOAuthRefreshUnknown,
    &causes::kOAuthRefreshUsed,
    &causes::kOAuthRefreshExpired,
    &causes::kOAuthRefreshOfAnother,
    &causes::kOAuthTokenOfAnother,
    &causes::kOAuthUnknownClientAsks,
    &causes::kOAuthRedirectUriUnknown,
    &causes::kOAuthRequestObject,
    &causes::kOAuthRequestUri,
    &causes::kOAuthResponseTypeUnknown,
    &causes::kOAuthResponseModeUnknown,
    &causes::kOAuthChallengeMissing,
    &causes::kOAuthChallengeMalformed,
    &causes::kOAuthLoginRequired,
    &causes::kOAuthUserUnknown,
    &causes::kOAuthUserDeclined,
};

}  // namespace

std::string_view Name(Gate gate) {
  switch (gate) {
    case Gate::kDoor:
      return "door";
    case Gate::kControl:
      return "control";
    case Gate::kIdentity:
      return "identity";
    case Gate::kRoute:
      return "route";
    case Gate::kPlanned:
      return "fault";
    case Gate::kAuthenticate:
      return "authenticate";
    case Gate::kScope:
      return "scope";
    case Gate::kRateLimit:
      return "rate-limit";
    case Gate::kContent:
      return "content";
    case Gate::kLookUp:
      return "look-up";
    case Gate::kPermission:
      return "permission";
    case Gate::kConflict:
      return "conflict";
    case Gate::kRender:
      return "render";
    case Gate::kFailure:
      return "failure";
  }
  return "";
}

std::span<const Cause* const> AllCauses() {
  return kAllCauses;
}

const Cause* FindCause(std::string_view word) {
  for (const Cause* cause : kAllCauses)
    if (cause->word == word) return cause;
  return nullptr;
}

const Cause& CauseOf(TokenDefect defect) {
  switch (defect) {
    case TokenDefect::kHeaderMissing:
      return causes::kAuthorizationMissing;
    case TokenDefect::kHeaderRepeated:
      return causes::kAuthorizationRepeated;
    case TokenDefect::kNotBearer:
      return causes::kAuthorizationNotBearer;
    case TokenDefect::kUnknown:
      return causes::kTokenUnknown;
    case TokenDefect::kMalformed:
      return causes::kTokenMalformed;
    case TokenDefect::kAlgorithm:
      return causes::kTokenAlgorithm;
    case TokenDefect::kUnknownKey:
      return causes::kTokenUnknownKey;
    case TokenDefect::kBadSignature:
      return causes::kTokenBadSignature;
    case TokenDefect::kBadClaims:
      return causes::kTokenBadClaims;
    case TokenDefect::kWrongIssuer:
      return causes::kTokenWrongIssuer;
    case TokenDefect::kWrongAudience:
      return causes::kTokenWrongAudience;
    case TokenDefect::kNotYetValid:
      return causes::kTokenNotYetValid;
    case TokenDefect::kExpired:
      return causes::kTokenExpired;
    case TokenDefect::kRevoked:
      return causes::kTokenRevoked;
    case TokenDefect::kUnknownClient:
      return causes::kClientUnknown;
  }
  return causes::kTokenUnknown;
}

const Cause& CauseOf(RequestDefect defect) {
  switch (defect) {
    case RequestDefect::kMalformed:
      return causes::kRequestMalformed;
    case RequestDefect::kRequestTimeout:
      return causes::kRequestTimeout;
    case RequestDefect::kPayloadTooLarge:
      return causes::kBodyTooLarge;
    case RequestDefect::kUriTooLong:
      return causes::kRequestLineTooLong;
    case RequestDefect::kUnsupportedMediaType:
      return causes::kBodyCompressed;
    case RequestDefect::kHeaderFieldsTooLarge:
      return causes::kHeadersTooLarge;
    case RequestDefect::kTransferCodingUnknown:
      return causes::kTransferCodingUnknown;
    case RequestDefect::kHttpVersionUnsupported:
      return causes::kHttpVersionUnsupported;
    case RequestDefect::kTlsMissing:
      return causes::kTlsMissing;
    case RequestDefect::kTlsHandshakeFailed:
      return causes::kTlsHandshakeFailed;
    case RequestDefect::kTooManyConnections:
      return causes::kConnectionsExhausted;
    case RequestDefect::kServerStopping:
      return causes::kServerStopping;
  }
  return causes::kRequestMalformed;
}

}  // namespace emulator
