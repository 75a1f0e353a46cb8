#include "diagnosis/reason_table.h"

#include "oauth/reasons.h"

namespace emulator::diagnosis {

namespace {

constexpr const api::Reason* kAllReasons[] = {
    &api::reasons::kAuthorizationMissing,
    &api::reasons::kAuthorizationRepeated,
    &api::reasons::kAuthorizationNotBearer,
    &api::reasons::kTokenUnknown,
    &api::reasons::kTokenMalformed,
    &api::reasons::kTokenAlgorithm,
    &api::reasons::kTokenUnknownKey,
    &api::reasons::kTokenBadSignature,
    &api::reasons::kTokenBadClaims,
    &api::reasons::kTokenWrongIssuer,
    &api::reasons::kTokenWrongAudience,
    &api::reasons::kTokenNotYetValid,
    &api::reasons::kTokenExpired,
    &api::reasons::kTokenRevoked,
    &api::reasons::kClientUnknown,
    &api::reasons::kScopeMissing,
    &api::reasons::kRateLimited,
    &api::reasons::kConnectionUnknown,
    &api::reasons::kPermissionMissing,
    &api::reasons::kUserMissing,
    &api::reasons::kConnectionInvalid,
    &api::reasons::kConnectionIdInvalid,
    &api::reasons::kRunInvalid,
    &api::reasons::kQueryInvalid,
    &api::reasons::kRedirectUrlInvalid,
    &api::reasons::kIModelUnknown,
    &api::reasons::kRunUnknown,
    &api::reasons::kUserNotAuthorized,
    &api::reasons::kConnectionInUse,
    &api::reasons::kRunSimultaneous,
    &api::reasons::kFaultPlanned,
    &api::reasons::kPrefer,
    &api::reasons::kPreferUndocumented,
    &api::reasons::kRouteUnknown,
    &api::reasons::kPathMalformed,
    &api::reasons::kMethodUnknown,
    &api::reasons::kSandboxNameInvalid,
    &api::reasons::kTwoSandboxes,
    &api::reasons::kTooManySandboxes,
    &api::reasons::kRequestMalformed,
    &api::reasons::kRequestTimeout,
    &api::reasons::kBodyTooLarge,
    &api::reasons::kRequestLineTooLong,
    &api::reasons::kBodyCompressed,
    &api::reasons::kHeadersTooLarge,
    &api::reasons::kTransferCodingUnknown,
    &api::reasons::kHttpVersionUnsupported,
    &api::reasons::kTlsMissing,
    &api::reasons::kTlsHandshakeFailed,
    &api::reasons::kConnectionsExhausted,
    &api::reasons::kServerStopping,
    &api::reasons::kEmulatorFailed,
    &oauth::reasons::kNoForm,
    &oauth::reasons::kFormMalformed,
    &oauth::reasons::kParameterRepeated,
    &oauth::reasons::kParameterMissing,
    &oauth::reasons::kGrantTypeUnknown,
    &oauth::reasons::kClientMissing,
    &oauth::reasons::kClientTwice,
    &oauth::reasons::kBasicMalformed,
    &oauth::reasons::kClientUnknown,
    &oauth::reasons::kSecretMissing,
    &oauth::reasons::kSecretWrong,
    &oauth::reasons::kClientPublic,
    &oauth::reasons::kScopeMalformed,
    &oauth::reasons::kScopeWidened,
    &oauth::reasons::kCodeUnknown,
    &oauth::reasons::kCodeUsed,
    &oauth::reasons::kCodeExpired,
    &oauth::reasons::kCodeOfAnother,
    &oauth::reasons::kRedirectUriDiffers,
    &oauth::reasons::kVerifierWrong,
    &oauth::reasons::kRefreshUnknown,
    &oauth::reasons::kRefreshUsed,
    &oauth::reasons::kRefreshExpired,
    &oauth::reasons::kRefreshOfAnother,
    &oauth::reasons::kTokenOfAnother,
    &oauth::reasons::kUnknownClientAsks,
    &oauth::reasons::kRedirectUriUnknown,
    &oauth::reasons::kRequestObject,
    &oauth::reasons::kRequestUri,
    &oauth::reasons::kResponseTypeUnknown,
    &oauth::reasons::kResponseModeUnknown,
    &oauth::reasons::kChallengeMissing,
    &oauth::reasons::kChallengeMalformed,
    &oauth::reasons::kLoginRequired,
    &oauth::reasons::kUserUnknown,
    &oauth::reasons::kUserDeclined,
};

}  // namespace

std::span<const api::Reason* const> AllReasons() {
  return kAllReasons;
}

const api::Reason* FindReason(std::string_view code) {
  for (const api::Reason* reason : kAllReasons)
    if (reason->code == code) return reason;
  return nullptr;
}

}  // namespace emulator::diagnosis
