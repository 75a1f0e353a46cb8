// How the emulator's own calls answer.
// Threads: functions of their arguments.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "door/http.h"
#include "world/fixture_file.h"
#include "world/json_shape.h"

namespace emulator {

Response AnswerJson(const nlohmann::ordered_json& body, int status = 200);
Response AnswerJsonText(std::string body, int status = 200);
Response AnswerNothing();  // 204

// 404: "There is no client "x". Did you mean "y"?"
Response AnswerUnknown(const std::string& what, const std::string& key,
                       const std::vector<std::string>& known = {});

// 422, with all that is wrong in "details" and the first in the message. REQUIRES: at least one.
Response AnswerDefects(const std::vector<JsonDefect>& defects);
// `within`: a pointer to where in the body the fixtures are.
Response AnswerFixtureDefects(const FixtureError& error, const std::string& within = "");

// 400, for a body that is no JSON one may trust.
Response AnswerNoJson(size_t line, const std::string& defect, const std::string& pointer);

// A body of the shape that schema/control.openapi.json has under components/schemas; or the answer
// why it is none: 400, 422.
std::variant<nlohmann::json, Response> ReadBody(const Request& request, std::string_view schema);

// nullopt for an empty body, and for an empty object, which some clients send in its place; else
// 422.
std::optional<Response> RefuseBody(const Request& request);

// 422, for a query parameter that is not what was wanted.
Response AnswerQueryDefect(const std::string& name, const std::string& value,
                           const std::string& wanted);

}  // namespace emulator
