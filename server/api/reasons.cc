#include "api/reasons.h"

namespace emulator::api {

std::string_view Name(Gate gate) {
  switch (gate) {
    case Gate::kHttp:
      return "http";
    case Gate::kControl:
      return "control";
    case Gate::kIdentity:
      return "identity";
    case Gate::kRoute:
      return "route";
    case Gate::kFault:
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

const Reason& ReasonFor(tokens::TokenRejection rejection) {
  switch (rejection) {
    case tokens::TokenRejection::kHeaderMissing:
      return reasons::kAuthorizationMissing;
    case tokens::TokenRejection::kHeaderRepeated:
      return reasons::kAuthorizationRepeated;
    case tokens::TokenRejection::kNotBearer:
      return reasons::kAuthorizationNotBearer;
    case tokens::TokenRejection::kUnknown:
      return reasons::kTokenUnknown;
    case tokens::TokenRejection::kMalformed:
      return reasons::kTokenMalformed;
    case tokens::TokenRejection::kAlgorithm:
      return reasons::kTokenAlgorithm;
    case tokens::TokenRejection::kUnknownKey:
      return reasons::kTokenUnknownKey;
    case tokens::TokenRejection::kBadSignature:
      return reasons::kTokenBadSignature;
    case tokens::TokenRejection::kBadClaims:
      return reasons::kTokenBadClaims;
    case tokens::TokenRejection::kWrongIssuer:
      return reasons::kTokenWrongIssuer;
    case tokens::TokenRejection::kWrongAudience:
      return reasons::kTokenWrongAudience;
    case tokens::TokenRejection::kNotYetValid:
      return reasons::kTokenNotYetValid;
    case tokens::TokenRejection::kExpired:
      return reasons::kTokenExpired;
    case tokens::TokenRejection::kRevoked:
      return reasons::kTokenRevoked;
    case tokens::TokenRejection::kUnknownClient:
      return reasons::kClientUnknown;
  }
  return reasons::kTokenUnknown;
}

const Reason& ReasonFor(http::server::RequestParseError error) {
  switch (error) {
    case http::server::RequestParseError::kMalformed:
      return reasons::kRequestMalformed;
    case http::server::RequestParseError::kRequestTimeout:
      return reasons::kRequestTimeout;
    case http::server::RequestParseError::kPayloadTooLarge:
      return reasons::kBodyTooLarge;
    case http::server::RequestParseError::kUriTooLong:
      return reasons::kRequestLineTooLong;
    case http::server::RequestParseError::kUnsupportedMediaType:
      return reasons::kBodyCompressed;
    case http::server::RequestParseError::kHeaderFieldsTooLarge:
      return reasons::kHeadersTooLarge;
    case http::server::RequestParseError::kTransferCodingUnknown:
      return reasons::kTransferCodingUnknown;
    case http::server::RequestParseError::kHttpVersionUnsupported:
      return reasons::kHttpVersionUnsupported;
    case http::server::RequestParseError::kTlsMissing:
      return reasons::kTlsMissing;
    case http::server::RequestParseError::kTlsHandshakeFailed:
      return reasons::kTlsHandshakeFailed;
    case http::server::RequestParseError::kTooManyConnections:
      return reasons::kConnectionsExhausted;
    case http::server::RequestParseError::kServerStopping:
      return reasons::kServerStopping;
  }
  return reasons::kRequestMalformed;
}

}  // namespace emulator::api
