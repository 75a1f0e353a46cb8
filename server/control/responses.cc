#include "control/responses.h"

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "base/embedded.h"
#include "base/strict_json.h"
#include "base/suggestions.h"

namespace emulator::control {

namespace {

constexpr const char* kBlank = " \t\r\n";

// Compiled on first use, because compiling the whole contract would delay every start.
const JsonSchema& SchemaNamed(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const JsonSchema>, std::less<>> schemas;
  const std::lock_guard lock(mutex);
  auto found = schemas.find(name);
  if (found == schemas.end())
    found =
        schemas
            .emplace(name, std::make_unique<const JsonSchema>(
                               embedded::kControlApi, "/components/schemas/" + std::string(name)))
            .first;
  return *found->second;
}

std::string PlaceInBody(const std::string& pointer) {
  return pointer.empty() ? "The body" : "The body's " + pointer;
}

}  // namespace

http::Response JsonResponse(const nlohmann::ordered_json& body, int status) {
  return JsonTextResponse(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                          status);
}

http::Response JsonTextResponse(std::string body, int status) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

http::Response NoContent() {
  return {.status = 204};
}

http::Response UnknownItemResponse(const std::string& what, const std::string& key,
                                   const std::vector<std::string>& known) {
  return api::Refuse(
      api::control_errors::kItemNotFound,
      {.message = "There is no " + what + " \"" + key + "\"." + DidYouMean(key, known)});
}

http::Response InvalidBodyResponse(const std::vector<SchemaViolation>& violations) {
  api::ErrorText text{
      .message = Sentence(PlaceInBody(violations.front().pointer), violations.front().sentence),
      .target = violations.front().pointer};
  for (const SchemaViolation& violation : violations)
    text.details.push_back({"InvalidValue", violation.sentence, violation.pointer});
  return api::Refuse(api::control_errors::kInvalidBody, text);
}

http::Response InvalidFixturesResponse(const fixtures::FixtureError& error,
                                       const std::string& prefix) {
  std::vector<SchemaViolation> violations;
  for (const fixtures::FixtureDiagnostic& diagnostic : error.diagnostics())
    violations.push_back({prefix + diagnostic.pointer.value_or(""), diagnostic.sentence});
  return InvalidBodyResponse(violations);
}

http::Response InvalidJsonResponse(size_t line, const std::string& sentence,
                                   const std::string& pointer) {
  return api::Refuse(
      api::control_errors::kInvalidJson,
      {.message = Sentence("Line " + std::to_string(line) + " of the body", sentence),
       .target = pointer});
}

std::variant<nlohmann::json, http::Response> ReadBody(const http::Request& request,
                                                      std::string_view schema_name) {
  try {
    const bool is_blank = request.body.find_first_not_of(kBlank) == std::string::npos;
    nlohmann::json body = ParseStrictJson(is_blank ? "{}" : std::string_view(request.body));
    const auto violations = SchemaNamed(schema_name).Validate(body);
    if (!violations.empty()) return InvalidBodyResponse(violations);
    return body;
  } catch (const JsonTextError& error) {
    return InvalidJsonResponse(error.line(), error.what(), error.pointer());
  }
}

std::optional<http::Response> RefuseBody(const http::Request& request) {
  const size_t start = request.body.find_first_not_of(kBlank);
  if (start == std::string::npos) return std::nullopt;
  const size_t end = request.body.find_last_not_of(kBlank) + 1;
  if (std::string_view(request.body).substr(start, end - start) == "{}") return std::nullopt;
  return InvalidBodyResponse({{"", "is not allowed: this call takes no body. Leave it out."}});
}

http::Response InvalidQueryResponse(const std::string& name, const std::string& value,
                                    const std::string& wanted) {
  return api::Refuse(api::control_errors::kInvalidQuery,
                     {.message = "The query parameter \"" + name + "\" is \"" + value +
                                 "\"; wanted: " + wanted + ".",
                      .target = name});
}

}  // namespace emulator::control
