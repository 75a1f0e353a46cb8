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

// Each is made of the whole contract when it is first asked for: a start wants none.
const JsonSchema& ShapeOf(std::string_view schema) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const JsonSchema>, std::less<>> shapes;
  const std::lock_guard lock(mutex);
  auto found = shapes.find(schema);
  if (found == shapes.end())
    found = shapes
                .emplace(schema,
                         std::make_unique<const JsonSchema>(
                             embedded::kControlApi, "/components/schemas/" + std::string(schema)))
                .first;
  return *found->second;
}

std::string Place(const std::string& pointer) {
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

http::Response InvalidBodyResponse(const std::vector<SchemaViolation>& defects) {
  api::ErrorText text{.message = Sentence(Place(defects.front().pointer), defects.front().sentence),
                      .target = defects.front().pointer};
  for (const SchemaViolation& defect : defects)
    text.details.push_back({"InvalidValue", defect.sentence, defect.pointer});
  return api::Refuse(api::control_errors::kInvalidBody, text);
}

http::Response InvalidFixturesResponse(const fixtures::FixtureError& error,
                                       const std::string& within) {
  std::vector<SchemaViolation> defects;
  for (const fixtures::FixtureDiagnostic& defect : error.diagnostics())
    defects.push_back({within + defect.pointer.value_or(""), defect.sentence});
  return InvalidBodyResponse(defects);
}

http::Response InvalidJsonResponse(size_t line, const std::string& defect,
                                   const std::string& pointer) {
  return api::Refuse(api::control_errors::kInvalidJson,
                     {.message = Sentence("Line " + std::to_string(line) + " of the body", defect),
                      .target = pointer});
}

std::variant<nlohmann::json, http::Response> ReadBody(const http::Request& request,
                                                      std::string_view schema) {
  try {
    const bool is_blank = request.body.find_first_not_of(kBlank) == std::string::npos;
    nlohmann::json body = ParseStrictJson(is_blank ? "{}" : std::string_view(request.body));
    const auto defects = ShapeOf(schema).Validate(body);
    if (!defects.empty()) return InvalidBodyResponse(defects);
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
  return InvalidBodyResponse({{"", "is not wanted: this call takes no body."}});
}

http::Response InvalidQueryResponse(const std::string& name, const std::string& value,
                                    const std::string& wanted) {
  return api::Refuse(api::control_errors::kInvalidQuery,
                     {.message = "The query parameter \"" + name + "\" is \"" + value +
                                 "\"; wanted: " + wanted + ".",
                      .target = name});
}

}  // namespace emulator::control
