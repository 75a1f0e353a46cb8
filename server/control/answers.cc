#include "control/answers.h"

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "embedded.h"
#include "world/json_text.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

constexpr const char* kBlank = " \t\r\n";

// Each is made of the whole contract when it is first asked for: a start wants none.
const JsonShape& ShapeOf(std::string_view schema) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const JsonShape>, std::less<>> shapes;
  const std::lock_guard lock(mutex);
  auto found = shapes.find(schema);
  if (found == shapes.end())
    found = shapes
                .emplace(schema,
                         std::make_unique<const JsonShape>(
                             embedded::kControlApi, "/components/schemas/" + std::string(schema)))
                .first;
  return *found->second;
}

std::string Place(const std::string& pointer) {
  return pointer.empty() ? "The body" : "The body's " + pointer;
}

}  // namespace

Response AnswerJson(const nlohmann::ordered_json& body, int status) {
  return AnswerJsonText(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                        status);
}

Response AnswerJsonText(std::string body, int status) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Response AnswerNothing() {
  return {.status = 204};
}

Response AnswerUnknown(const std::string& what, const std::string& key,
                       const std::vector<std::string>& known) {
  return Refuse(control_errors::kItemNotFound,
                {.message = "There is no " + what + " \"" + key + "\"." + DidYouMean(key, known)});
}

Response AnswerDefects(const std::vector<JsonDefect>& defects) {
  ErrorText text{.message = Sentence(Place(defects.front().pointer), defects.front().sentence),
                 .target = defects.front().pointer};
  for (const JsonDefect& defect : defects)
    text.details.push_back({"InvalidValue", defect.sentence, defect.pointer});
  return Refuse(control_errors::kInvalidBody, text);
}

Response AnswerFixtureDefects(const FixtureError& error, const std::string& within) {
  std::vector<JsonDefect> defects;
  for (const FixtureDefect& defect : error.defects())
    defects.push_back({within + defect.pointer.value_or(""), defect.sentence});
  return AnswerDefects(defects);
}

Response AnswerNoJson(size_t line, const std::string& defect, const std::string& pointer) {
  return Refuse(control_errors::kInvalidJson,
                {.message = Sentence("Line " + std::to_string(line) + " of the body", defect),
                 .target = pointer});
}

std::variant<nlohmann::json, Response> ReadBody(const Request& request, std::string_view schema) {
  try {
    const bool is_blank = request.body.find_first_not_of(kBlank) == std::string::npos;
    nlohmann::json body = ParseStrictJson(is_blank ? "{}" : std::string_view(request.body));
    const auto defects = ShapeOf(schema).Judge(body);
    if (!defects.empty()) return AnswerDefects(defects);
    return body;
  } catch (const JsonTextError& error) {
    return AnswerNoJson(error.line(), error.what(), error.pointer());
  }
}

std::optional<Response> RefuseBody(const Request& request) {
  const size_t start = request.body.find_first_not_of(kBlank);
  if (start == std::string::npos) return std::nullopt;
  const size_t end = request.body.find_last_not_of(kBlank) + 1;
  if (std::string_view(request.body).substr(start, end - start) == "{}") return std::nullopt;
  return AnswerDefects({{"", "is not wanted: this call takes no body."}});
}

Response AnswerQueryDefect(const std::string& name, const std::string& value,
                           const std::string& wanted) {
  return Refuse(control_errors::kInvalidQuery,
                {.message = "The query parameter \"" + name + "\" is \"" + value +
                            "\"; wanted: " + wanted + ".",
                 .target = name});
}

}  // namespace emulator
