#include "api/contract.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "api/operations.h"
#include "base/embedded.h"
#include "base/strict_json.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

const ordered_json& Document() {
  static const ordered_json kDocument = ordered_json::parse(embedded::kExportApi);
  return kDocument;
}

// What a "$ref" leads to, else the value itself.
const ordered_json& Resolved(const ordered_json& value) {
  if (!value.is_object() || !value.contains("$ref")) return value;
  return Document().at(ordered_json::json_pointer(value["$ref"].get<std::string>().substr(1)));
}

struct Described {
  std::string method, path;
  const ordered_json& operation;
};
std::vector<Described> AllDescribed() {
  std::vector<Described> all;
  for (const auto& [path, methods] : Document()["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      std::string upper = method;
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      all.push_back({upper, path, operation});
    }
  return all;
}
const ordered_json* FindDescribed(std::string_view name) {
  for (const Described& one : AllDescribed())
    if (one.operation["x-operation"] == name) return &one.operation;
  return nullptr;
}

// The examples of an answer, resolved.
std::vector<ordered_json> ExamplesOf(const ordered_json& answer) {
  std::vector<ordered_json> values;
  if (answer.contains("content"))
    for (const auto& [_, example] : answer["content"]["application/json"]["examples"].items())
      values.push_back(Resolved(example));
  return values;
}

http::Response Json(int status, const std::string& body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = body};
}

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("the contract has exactly the operations of the table") {
  std::set<std::string> described;
  for (const Described& one : AllDescribed()) described.insert(one.method + " " + one.path);
  std::set<std::string> known;
  for (const Operation& operation : Operations())
    known.insert(std::string(operation.route.method) + " " + std::string(operation.route.path));
  CHECK(described == known);
  CHECK(described.size() == 8);
}

TEST_CASE("every operation of the table equals its description in the contract") {
  for (const Operation& row : Operations()) {
    INFO(row.name);
    const ordered_json* described = FindDescribed(row.name);
    REQUIRE(described);
    const ordered_json& operation = *described;
    CHECK(Document()["paths"][std::string(row.route.path)].contains(
        row.route.method == "GET"    ? "get"
        : row.route.method == "POST" ? "post"
                                     : "delete"));

    std::vector<std::string> scopes;
    for (const auto& alternative : operation["security"])
      scopes.push_back(alternative["OAuth2"][0]);
    const auto known = row.ScopesIn(world::Edition::kPage);
    CHECK(scopes == std::vector<std::string>(known.begin(), known.end()));

    // A refusal of the row is an example of the contract, to the byte where both tell the details.
    std::set<int> of_row;
    for (const ApiError* refusal : row.refusals) {
      INFO(refusal->status << " " << refusal->code);
      of_row.insert(refusal->status);
      const std::string status = std::to_string(refusal->status);
      REQUIRE(operation["responses"].contains(status));
      const auto examples = ExamplesOf(operation["responses"][status]);
      const auto is_it = [&](const ordered_json& example) {
        const ordered_json& error = example["value"]["error"];
        return error["code"] == refusal->code && error["message"] == refusal->message;
      };
      CHECK(std::any_of(examples.begin(), examples.end(), is_it));
    }
    for (const int status : row.successes)
      CHECK(operation["responses"].contains(std::to_string(status)));
    // An answer of the contract is a success or a status of the row, and what it shows is a
    // refusal.
    for (const auto& item : operation["responses"].items()) {
      const std::string status = item.key();
      const ordered_json& answer = item.value();
      if (status == "default") continue;
      INFO(status);
      if (status < "400") {
        CHECK(std::find(row.successes.begin(), row.successes.end(), std::stoi(status)) !=
              row.successes.end());
        continue;
      }
      // What we alone decided is no outcome that a client must meet.
      if (Resolved(answer)["x-evidence"]["mark"] == "U") continue;
      CHECK(of_row.contains(std::stoi(status)));
      const auto examples = ExamplesOf(answer);
      REQUIRE(!examples.empty());
      CHECK(std::any_of(row.refusals.begin(), row.refusals.end(), [&](const ApiError* refusal) {
        return std::to_string(refusal->status) == status &&
               refusal->code == examples.front()["value"]["error"]["code"].get<std::string>();
      }));
    }
  }
}

TEST_CASE("an answer that a page shows is the first example of the contract, byte for byte") {
  size_t compared = 0;
  for (const Operation& row : Operations())
    for (const auto& item : (*FindDescribed(row.name))["responses"].items()) {
      const std::string status = item.key();
      const std::string file =
          GoldenFolder() + "/" + std::string(row.name) + "/" + status + ".json";
      if (!std::filesystem::exists(file)) continue;
      INFO(row.name << " " << status);
      const auto examples = ExamplesOf(item.value());
      REQUIRE(!examples.empty());
      CHECK(examples.front()["value"].dump() == ReadFile(file));
      ++compared;
    }
  CHECK(compared >= 5);
}

TEST_CASE("every example of the contract matches its own schema") {
  size_t judged = 0;
  for (const Described& one : AllDescribed())
    for (const auto& item : one.operation["responses"].items())
      for (const ordered_json& example : ExamplesOf(Resolved(item.value()))) {
        const std::string status = item.key();
        http::Response response = Json(status == "default" ? 500 : std::stoi(status), "");
        response.body = example["value"].dump();
        INFO(one.operation["x-operation"] << " " << status);
        CHECK(Violations(one.operation["x-operation"].get<std::string>(), response) == Messages{});
        ++judged;
      }
  CHECK(judged > 60);
  for (const Described& one : AllDescribed()) {
    if (!one.operation.contains("requestBody")) continue;
    const OperationContract* contract =
        FindContract(one.operation["x-operation"].get<std::string>());
    const auto& content = one.operation["requestBody"]["content"]["application/json"];
    for (const auto& [_, example] : content["examples"].items())
      CHECK(contract->body->Validate(json::parse(Resolved(example)["value"].dump())).empty());
  }
}

TEST_CASE("each answer names its evidence; names are unique and references resolve") {
  std::set<std::string> ids, names;
  for (const Described& one : AllDescribed()) {
    CHECK(ids.insert(one.operation["operationId"].get<std::string>()).second);
    CHECK(names.insert(one.operation["x-operation"].get<std::string>()).second);
    for (const auto& [_, answer] : one.operation["responses"].items())
      CHECK(Resolved(answer).contains("x-evidence"));
    // A parameter of the path is described, and none that is not there.
    size_t in_path = 0;
    for (const auto& parameter : one.operation.value("parameters", ordered_json::array())) {
      if (Resolved(parameter)["in"] != "path") continue;
      ++in_path;
      CHECK(one.path.find("{" + Resolved(parameter)["name"].get<std::string>() + "}") !=
            std::string::npos);
    }
    CHECK(in_path == static_cast<size_t>(std::count(one.path.begin(), one.path.end(), '{')));
  }
  const ordered_json flat = Document().flatten();
  std::set<std::string> referred;
  for (const auto& [pointer, value] : flat.items()) {
    if (pointer.ends_with("/mark"))
      CHECK(std::string("DOIU").find(value.get<std::string>()) != std::string::npos);
    if (!pointer.ends_with("/$ref")) continue;
    CHECK_NOTHROW(Document().at(ordered_json::json_pointer(value.get<std::string>().substr(1))));
    referred.insert(value.get<std::string>());
  }
  for (const char* kind : {"schemas", "examples", "headers", "parameters", "responses"})
    for (const auto& item : Document()["components"][kind].items()) {
      const std::string name = item.key();
      INFO(kind << " " << name);
      CHECK(referred.contains("#/components/" + std::string(kind) + "/" + name));
    }
}

TEST_CASE("a violation of the contract is reported with its place") {
  const std::string get = "get-export-connection";
  CHECK(Violations(get, Json(200, R"({"connection":{"id":"a"}})")) == Messages{});
  CHECK(Violations(get, Json(200, R"({"connection":{"id":3}})")) ==
        Messages{"/connection/id is 3; wanted: an opaque, case-sensitive id."});
  CHECK(Violations(get, Json(200, R"({"connection":{}})")) ==
        Messages{"/connection: the member \"id\" is missing; add an opaque, case-sensitive id."});
  CHECK(Violations(get, Json(200, R"({"connection":{"id":"a","displayname":"b"}})")) ==
        Messages{"/connection/displayname: unknown member \"displayname\". Did you mean "
                 "\"displayName\"? Known here: _links, authenticationType, displayName, iModelId, "
                 "iTwinId, id."});
  CHECK(Violations(get, Json(200, "[]")) ==
        Messages{"the body is a list; wanted: an object with \"connection\"."});
  CHECK(Violations(get, Json(200, "{")) == Messages{"the body is not JSON."});
  CHECK(Violations(get, Json(200, "")) == Messages{"the body is not JSON."});
  CHECK(Violations(get, {.status = 200,
                         .headers = {{"Content-Type", "text/html"}},
                         .body = R"({"connection":{"id":"a"}})"}) ==
        Messages{"Content-Type is text/html; wanted: application/json."});
  CHECK(Violations(get, {.status = 200, .body = R"({"connection":{"id":"a"}})"}) ==
        Messages{"Content-Type is none; wanted: application/json."});
  CHECK(Violations(get, Json(201, R"({"connection":{"id":"a"}})")) ==
        Messages{"the contract has no answer with the status 201."});
  CHECK(Violations("get-nothing", {}) == Messages{"the contract has no operation get-nothing."});
}

TEST_CASE("headers and a missing body are validated, too") {
  const std::string run = "create-export-connection-run";
  CHECK(Violations(run, {.status = 202, .headers = {{"location", "http://x/y"}}}) == Messages{});
  CHECK(Violations(run, {.status = 303}) == Messages{"the header Location is missing."});
  CHECK(Violations(run, {.status = 202,
                         .headers = {{"Location", "/y"}, {"Content-Type", "application/json"}},
                         .body = "{}"}) ==
        Messages{"there is a body of 2 bytes; wanted: none.",
                 "Content-Type is application/json; wanted: none."});
  http::Response throttled = RefuseAsChosen(errors::kTooManyRequests);
  CHECK(Violations(run, throttled) == Messages{});
  throttled.headers.Set("retry-after", "0");
  CHECK(Violations(run, throttled) ==
        Messages{"the header retry-after is 0; wanted: a whole number of seconds from 1."});
  throttled.headers.Set("retry-after", "Thu, 01 Jan 2026 00:00:00 GMT");
  CHECK(Violations(run, throttled) ==
        Messages{
            "the header retry-after is \"Thu, 01 Jan 2026 00:00:00 GMT\"; wanted: a whole number "
            "of seconds from 1."});
}

TEST_CASE("other errors, and errors without an operation, have the vendor's error format") {
  for (const ApiError* refusal : AllApiErrors()) {
    CHECK(Violations("get-export-connection", Refuse(*refusal)) == Messages{});
    CHECK(Violations("", Refuse(*refusal)) == Messages{});
  }
  CHECK(Violations("", {.status = 204, .headers = {{"Allow", "GET"}}}) == Messages{});
  CHECK(
      Violations("", Json(404, R"({"error":{"code":"X"}})")) ==
      Messages{"/error: the member \"message\" is missing; add A human-readable representation of "
               "the error.."});
  CHECK(Violations("get-export-connection", Json(500, R"({"code":"X","message":"Y"})")).size() ==
        3);
}
