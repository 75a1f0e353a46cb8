#include "api/errors.h"

#include <nlohmann/json.hpp>

namespace emulator::api {

namespace {

http::Response Answer(int status, nlohmann::ordered_json error) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = nlohmann::ordered_json{{"error", std::move(error)}}.dump(
              -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

constexpr const ApiError* kAllApiErrors[] = {
    &errors::kHeaderNotFound,
    &errors::kInsufficientPermissions,
    &errors::kConnectionNotFound,
    &errors::kTooManyRequests,
    &errors::kInvalidAuthorizationInformation,
    &errors::kConnectionAlreadyInUse,
    &errors::kInvalidConnectionId,
    &errors::kRateLimitExceeded,
    &errors::kInvalidConnection,
    &errors::kUnauthorized,
    &errors::kUnknownClient,
    &errors::kInvalidRun,
    &errors::kInvalidQuery,
    &errors::kRunNotFound,
    &errors::kBadRequest,
    &errors::kMalformedPath,
    &errors::kPreferenceUndocumented,
    &errors::kRouteNotFound,
    &errors::kMethodNotAllowed,
    &errors::kRequestTimeout,
    &errors::kPayloadTooLarge,
    &errors::kUriTooLong,
    &errors::kUnsupportedMediaType,
    &errors::kHeaderFieldsTooLarge,
    &errors::kInternalServerError,
    &errors::kTransferCodingUnknown,
    &errors::kServiceUnavailable,
    &errors::kServerStopping,
    &errors::kHttpVersionUnsupported,
    &errors::kTlsMissing,
    &errors::kTlsHandshakeFailed,
};

// Planned faults use only the vendor's errors: ours would report events that did not happen.
constexpr auto kVendorErrors = std::span(kAllApiErrors).first<14>();
static_assert(kVendorErrors.back() == &errors::kRunNotFound);

nlohmann::ordered_json DetailJson(std::string_view code, std::string_view message,
                                  std::string_view target) {
  nlohmann::ordered_json detail{{"code", code}, {"message", message}};
  if (!target.empty()) detail["target"] = target;
  return detail;
}

nlohmann::ordered_json DetailsJson(const std::vector<ErrorDetail>& details) {
  auto list = nlohmann::ordered_json::array();
  for (const ErrorDetail& detail : details)
    list.push_back(DetailJson(detail.code, detail.message, detail.target));
  return list;
}

}  // namespace

std::span<const ApiError* const> AllApiErrors() {
  return kAllApiErrors;
}

const ApiError* FindApiError(std::string_view name) {
  for (const ApiError* refusal : kVendorErrors)
    if (refusal->name() == name) return refusal;
  return nullptr;
}

std::vector<std::string> ApiErrorNames() {
  std::vector<std::string> names;
  for (const ApiError* refusal : kVendorErrors) names.emplace_back(refusal->name());
  return names;
}

http::Response Refuse(const ApiError& refusal, std::string_view more) {
  std::string message(refusal.message);
  if (!more.empty()) message.append(" ").append(more).append(".");
  nlohmann::ordered_json error;
  error["code"] = refusal.code;
  error["message"] = std::move(message);
  if (!refusal.detail_code.empty())
    error["details"].push_back(
        DetailJson(refusal.detail_code, refusal.detail_message, refusal.detail_target));
  return Answer(refusal.status, std::move(error));
}

http::Response Refuse(const ApiError& refusal, const ErrorText& text) {
  nlohmann::ordered_json error{{"code", refusal.code}, {"message", text.message}};
  if (!text.target.empty()) error["target"] = text.target;
  if (!text.details.empty()) error["details"] = DetailsJson(text.details);
  return Answer(refusal.status, std::move(error));
}

http::Response Refuse(const ApiError& refusal, const std::vector<ErrorDetail>& details) {
  return Answer(
      refusal.status,
      {{"code", refusal.code}, {"message", refusal.message}, {"details", DetailsJson(details)}});
}

ErrorDetail MissingProperty(std::string_view name) {
  return {"MissingRequiredProperty", "Required property is missing.", std::string(name)};
}

ErrorDetail InvalidValue(std::string_view name) {
  return {"InvalidValue", "Provided " + std::string(name) + " value is not valid.",
          std::string(name)};
}

http::Response RefuseAsChosen(const ApiError& refusal) {
  http::Response response = Refuse(refusal);
  if (refusal.status == 429) response.headers.Add("retry-after", "1");
  return response;
}

}  // namespace emulator::api
