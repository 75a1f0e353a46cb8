#include "control/control.h"

#include <map>
#include <set>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

namespace {

json Contract() {
  return json::parse(embedded::kControlApi);
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

TEST_CASE("the OpenAPI description and the table have the same calls, bodies and parameters") {
  const json paths = Contract()["paths"];
  std::set<std::string> described;
  for (const auto& [path, methods] : paths.items())
    for (const auto& [method, _] : methods.items()) described.insert(method + " " + path);
  std::set<std::string> served;
  for (const ControlRow& row : ControlRows()) {
    const std::string path(row.route.path);
    const std::string method = Lower(std::string(row.route.method));
    served.insert(method + " " + path);
    INFO(method << " " << path);
    REQUIRE(paths.contains(path));
    const json& call = paths[path][method];
    CHECK(call.contains("requestBody") == (row.body != ControlRow::kNoBody));
    if (row.body != ControlRow::kNoBody && row.body != ControlRow::kOwnText)
      CHECK(call["requestBody"]["content"]["application/json"]["schema"]["$ref"] ==
            "#/components/schemas/" + std::string(row.body));
    // Every parameter of the path is described, and no other.
    size_t parameters = 0;
    std::vector<std::string> query;
    for (const json& parameter : call.value("parameters", json::array())) {
      if (parameter["in"] == "query") {
        query.push_back(parameter["name"]);
        continue;
      }
      ++parameters;
      CHECK(path.find("{" + parameter["name"].get<std::string>() + "}") != std::string::npos);
    }
    CHECK(parameters == static_cast<size_t>(std::count(path.begin(), path.end(), '{')));
    CHECK(query == std::vector<std::string>(row.query.begin(), row.query.end()));
  }
  CHECK(described == served);
}

TEST_CASE("operation ids are unique, and references have a target") {
  const json contract = Contract();
  std::set<std::string> ids;
  for (const auto& [_, methods] : contract["paths"].items())
    for (const auto& [__, call] : methods.items())
      CHECK(ids.insert(call["operationId"].get<std::string>()).second);
  const json flat = contract.flatten();
  for (const auto& [pointer, value] : flat.items())
    if (pointer.ends_with("/$ref"))
      CHECK_NOTHROW(contract.at(json::json_pointer(value.get<std::string>().substr(1))));
}

TEST_CASE("GET / and GET /_emulator list every call with working links") {
  TestEmulator ask;
  const json list = BodyOf(ask("GET", "/_emulator", ""));
  CHECK(list["emulator"].size() == ControlRows().size());
  CHECK(list["operations"].size() == api::Operations().size());
  CHECK(list["identity"].size() == oauth::IdentityRows().size());
  for (const json& row : list["emulator"]) {
    if (!row.contains("url")) continue;
    const std::string url = row["url"];
    REQUIRE(url.starts_with("http://emulator.test/"));
    INFO(url);
    CHECK(ask(url.substr(std::string("http://emulator.test").size())).status == 200);
  }
  const json within = BodyOf(ask("GET", "/_sandbox/a/", ""));
  CHECK(within["sandbox"] == "a");
  CHECK(within["emulator"][0]["url"] == "http://emulator.test/_sandbox/a/");
}

TEST_CASE("a refused body is answered with what is wrong, where, and what is expected") {
  TestEmulator ask;
  struct Row {
    const char* method;
    const char* target;
    const char* body;
    int status;
    const char* message;
    const char* target_pointer;
  };
  const Row rows[] = {
      {"PUT", "/_emulator/clock", "{", 400, "Line 1 of the body is not JSON: ", ""},
      {"PUT", "/_emulator/clock", R"({"now": 1, "now": 2})", 400, "is there twice", "/now"},
      {"PUT", "/_emulator/clock", "", 422, "The body is empty; wanted: an object with \"now\"", ""},
      {"PUT", "/_emulator/clock", "[]", 422, "The body is a list; wanted: an object with", ""},
      {"PUT", "/_emulator/clock", R"({"nwo": "x"})", 422, "Did you mean \"now\"?", "/nwo"},
      {"PUT", "/_emulator/clock", R"({"now": "noon"})", 422,
       "/now is \"noon\"; wanted: a time such as", "/now"},
      {"PUT", "/_emulator/clock", R"({"now": "2030-02-30T00:00:00Z"})", 422, "wanted: a time from",
       "/now"},
      {"PUT", "/_emulator/clock", R"({"now": ["2030"]})", 422,
       "/now is a list; wanted: a time such as", "/now"},
      {"PUT", "/_emulator/clock", R"({"frozen": "yes"})", 422,
       "/frozen is \"yes\"; wanted: true, or false", "/frozen"},
      {"POST", "/_emulator/clock/advance", "{}", 422,
       "\"seconds\" is missing; add a number of seconds", ""},
      {"POST", "/_emulator/clock/advance", R"({"seconds": -1})", 422,
       "/seconds is -1; wanted: a number of seconds from 0", "/seconds"},
      {"POST", "/_emulator/clock/advance", R"({"seconds": 999999999999})", 422,
       "/seconds would set the clock to an invalid time", "/seconds"},
      {"POST", "/_emulator/reset", R"({"all": true})", 422, "this call takes no body", ""},
      {"POST", "/_emulator/reset", "}{", 422, "this call takes no body", ""},
      {"GET", "/_emulator/clock?now=1", "", 422, "takes no query parameters", ""},
      {"PUT", "/_emulator/rate-limit/nobody", "\"off\"", 404, "There is no client \"nobody\".", ""},
      {"PUT", "/_emulator/rate-limit/premium-ap", "\"off\"", 404, "Did you mean", ""},
      {"PUT", "/_emulator/rate-limit/throttled-app", "\"on\"", 422,
       "is \"on\"; wanted: {\"limit\": CALLS", ""},
      {"PUT", "/_emulator/rate-limit/throttled-app", R"({"limit": 1})", 422,
       "the member \"seconds\" is missing", ""},
      {"PUT", "/_emulator/rate-limit/throttled-app", R"([{"limit": -1, "seconds": 1}])", 422,
       "/0/limit is -1; wanted: a whole number of calls", "/0/limit"},
      {"PUT", "/_emulator/rate-limit/throttled-app",
       R"([{"limit": 1, "seconds": 60}, {"limit": 2, "seconds": 60}])", 422,
       "two limits for windows of the same length", ""},
      {"PUT", "/_emulator/connections/x", R"({"displayname": "X"})", 422,
       "Did you mean \"displayName\"?", "/displayname"},
      {"PUT", "/_emulator/connections/x", R"({"id": "y"})", 422, "", "/id"},
      {"PUT", "/_emulator/users/x", R"({"connections": ["nowhere"]})", 422,
       "there is no connection \"nowhere\"", "/connections/0"},
      {"PUT", "/_emulator/clients/x", R"({"tier": "gold"})", 422, "wanted: one of trial,", "/tier"},
      {"PUT", "/_emulator/tokens/x", R"({"token": "t", "client": "nobody", "scopes": []})", 422,
       "there is no client \"nobody\"", "/client"},
      {"PUT", "/_emulator/fixtures", R"({"tokens": [{"token": "t"}]})", 422, "is missing",
       "/tokens/0"},
      {"PUT", "/_emulator/sandboxes/a",
       R"({"fixtures": {"users": [{"id": "u", "connections": ["c"]}]}})", 422,
       "there is no connection \"c\"", "/fixtures/users/0/connections/0"},
      {"PUT", "/_emulator/sandboxes/a%20b", "", 400, "The name of a sandbox is", ""},
      {"POST", "/_emulator/faults", R"({"then": {"refusal": "TooManyRequest"}})", 422,
       "Did you mean \"TooManyRequests\"?", "/then/refusal"},
      {"POST", "/_emulator/faults", "{}", 422, "\"then\" is missing", ""},
      {"GET", "/_emulator/faults/none", "", 404, "There is no planned fault \"none\".", ""},
      {"DELETE", "/_emulator/users/nobody", "", 404, "There is no user \"nobody\".", ""},
      {"DELETE", "/_emulator/sandboxes/none", "", 404, "There is no sandbox \"none\".", ""},
  };
  for (const Row& row : rows) {
    const http::Response response = ask(row.method, row.target, row.body);
    INFO(row.method << " " << row.target << " " << row.body << " -> " << response.body);
    CHECK(response.status == row.status);
    CHECK(MessageOf(response).find(row.message) != std::string::npos);
    CHECK(BodyOf(response)["error"].value("target", "") == row.target_pointer);
  }
  // No refused call changed anything.
  CHECK(BodyOf(ask("/_emulator/clock"))["now"] == "2026-11-24T12:00:00Z");
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].empty());
}

TEST_CASE("the CA is served as PEM; without one the answer says how to get one") {
  TestEmulator ask({}, {}, DefaultFixtures(), "-----BEGIN CERTIFICATE-----");
  for (const char* target : {"/_emulator/ca.pem", "/_sandbox/a/_emulator/ca.pem"}) {
    const http::Response response = ask("GET", target, "");
    CHECK(response.body == "-----BEGIN CERTIFICATE-----");
    CHECK(HeaderOf(response, "Content-Type") == "application/x-pem-file");
  }
  TestEmulator plain({}, {}, DefaultFixtures(), "");
  const http::Response response = plain("GET", "/_emulator/ca.pem", "");
  CHECK(response.status == 404);
  CHECK(MessageOf(response) == "The emulator has no CA of its own; --tls self-signed makes one.");
}

TEST_CASE("unknown calls and methods get a 404 and a 405") {
  TestEmulator ask;
  CHECK(ask("GET", "/_emulator/nothing", "").status == 404);
  const http::Response response = ask("POST", "/_emulator/clock", "");
  CHECK(response.status == 405);
  CHECK(HeaderOf(response, "Allow") == "GET, HEAD, PUT, DELETE, OPTIONS");
}

TEST_CASE("calls are allowed to no caller, to callers with the token, or to all callers") {
  const std::vector<std::string> calls{"/_emulator", "/_emulator/clock", "/_emulator/fixtures",
                                       "/_sandbox/a/_emulator/clock"};
  const std::vector<std::string> probes{"/", "/_emulator/livez", "/_emulator/readyz",
                                        "/_emulator/ca.pem"};
  using Mode = ControlAccess::Mode;
  for (const auto& [mode, status] : std::map<Mode, int>{
           {Mode::kOff, 404}, {Mode::kForbidden, 403}, {Mode::kToken, 401}, {Mode::kOpen, 200}}) {
    TestEmulator ask({.mode = mode, .token = "hush"});
    for (const auto& call : calls) CHECK(ask(call).status == status);
    for (const auto& probe : probes) CHECK(ask(probe).status == 200);
    CHECK(ask(kExamplePath, "reader-token").status == 200);
  }
  TestEmulator ask({.mode = Mode::kToken, .token = "hush"});
  CHECK(ask("/_emulator/clock", "hush").status == 200);
  CHECK(ask("/_emulator/clock", "hush ").status == 401);
  CHECK(ask("/_emulator/clock", "reader-token").status == 401);
  CHECK(HeaderOf(ask("/_emulator/clock"), "WWW-Authenticate") == "Bearer");
  CHECK(ask("/_emulator/clock").body.find("hush") == std::string::npos);
}
