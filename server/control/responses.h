// Responses of the control API, and the check of its request bodies.
// Threads: any.
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

// 422, with the first violation in the message and all in "details". REQUIRES: at least one.
http::Response InvalidBodyResponse(const std::vector<SchemaViolation>& violations);
// `prefix`: a JSON pointer to the fixtures in the body.
http::Response InvalidFixturesResponse(const fixtures::FixtureError& error,
                                       const std::string& prefix = "");

// 400: the body is not JSON, or has a duplicate member.
http::Response InvalidJsonResponse(size_t line, const std::string& sentence,
                                   const std::string& pointer);

// Parses the body and validates it against a schema of schema/control.openapi.json. Returns the
// body, or a 400 or 422 that explains the error.
std::variant<nlohmann::json, http::Response> ReadBody(const http::Request& request,
                                                      std::string_view schema_name);

// 422 if there is a body. An empty object passes: some clients send it in place of no body.
std::optional<http::Response> RefuseBody(const http::Request& request);

// 422: "The query parameter NAME is VALUE; wanted: WANTED."
http::Response InvalidQueryResponse(const std::string& name, const std::string& value,
                                    const std::string& wanted);

}  // namespace emulator::control
