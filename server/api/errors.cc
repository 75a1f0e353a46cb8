#include "api/errors.h"

#include <nlohmann/json.hpp>

namespace emulator {

namespace {

Response Answer(int status, nlohmann::ordered_json error) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = nlohmann::ordered_json{{"error", std::move(error)}}.dump(
              -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

constexpr const Refusal* kAll[] = {
    &errors::kHeaderNotFound,
    &errors::kInsufficientPermissions,
    &errors::kConnectionNotFound,
    &errors::kTooManyRequests,
    &errors::kUnauthorized,
    &errors::kUnknownClient,
    &errors::kBadRequest,
    &errors::kMalformedPath,
    &errors::kPreferenceUndocumented,
    &errors::kRouteNotFound,
    &errors::kMethodNotAllowed,
    &errors::kRouteNotYet,
    &errors::kMethodNotYet,
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

// Ours would tell of what did not happen: of too many connections, of a failure.
constexpr auto kOfTheVendor = std::span(kAll).first<6>();
static_assert(kOfTheVendor.back() == &errors::kUnknownClient);

std::string_view NameOf(const Refusal& refusal) {
  return refusal.detail_code.empty() ? refusal.code : refusal.detail_code;
}

}  // namespace

std::span<const Refusal* const> AllRefusals() {
  return kAll;
}

const Refusal* FindRefusal(std::string_view name) {
  for (const Refusal* refusal : kOfTheVendor)
    if (NameOf(*refusal) == name) return refusal;
  return nullptr;
}

std::vector<std::string> RefusalNames() {
  std::vector<std::string> names;
  for (const Refusal* refusal : kOfTheVendor)
    if (FindRefusal(NameOf(*refusal)) == refusal) names.emplace_back(NameOf(*refusal));
  return names;
}

Response Refuse(const Refusal& refusal, std::string_view more) {
  std::string message(refusal.message);
  if (!more.empty()) message.append(" ").append(more).append(".");
  nlohmann::ordered_json error;
  error["code"] = refusal.code;
  error["message"] = std::move(message);
  if (!refusal.detail_code.empty())
    error["details"] = nlohmann::ordered_json::array(
        {{{"code", refusal.detail_code}, {"message", refusal.detail_message}}});
  return Answer(refusal.status, std::move(error));
}

Response Refuse(const Refusal& refusal, const ErrorText& text) {
  nlohmann::ordered_json error{{"code", refusal.code}, {"message", text.message}};
  if (!text.target.empty()) error["target"] = text.target;
  for (const auto& detail : text.details)
    error["details"].push_back(
        {{"code", detail.code}, {"message", detail.message}, {"target", detail.target}});
  return Answer(refusal.status, std::move(error));
}

Response RefuseAsAsked(const Refusal& refusal) {
  Response response = Refuse(refusal);
  if (refusal.status == 429) response.headers.Add("retry-after", "1");
  return response;
}

}  // namespace emulator
