// How the emulator's own calls answer.
// Threads: functions of their arguments.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_schema.h"
#include "fixtures/fixture_file.h"
#include "http/request.h"
#include "http/response.h"

namespace emulator::control {

http::Response JsonResponse(const nlohmann::ordered_json& body, int status = 200);
http::Response JsonTextResponse(std::string body, int status = 200);
http::Response NoContent();  // 204

// 404: "There is no client "x". Did you mean "y"?"
http::Response UnknownItemResponse(const std::string& what, const std::string& key,
                                   const std::vector<std::string>& known = {});

// 422, with all that is wrong in "details" and the first in the message. REQUIRES: at least one.
http::Response InvalidBodyResponse(const std::vector<SchemaViolation>& defects);
// `within`: a pointer to where in the body the fixtures are.
http::Response InvalidFixturesResponse(const fixtures::FixtureError& error,
                                       const std::string& within = "");

// 400, for a body that is no JSON one may trust.
http::Response InvalidJsonResponse(size_t line, const std::string& defect,
                                   const std::string& pointer);

// A body of the shape that schema/control.openapi.json has under components/schemas; or the answer
// why it is none: 400, 422.
std::variant<nlohmann::json, http::Response> ReadBody(const http::Request& request,
                                                      std::string_view schema);

// nullopt for an empty body, and for an empty object, which some clients send in its place; else
// 422.
std::optional<http::Response> RefuseBody(const http::Request& request);

// 422, for a query parameter that is not what was wanted.
http::Response InvalidQueryResponse(const std::string& name, const std::string& value,
                                    const std::string& wanted);

}  // namespace emulator::control
