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

TEST_CASE("the contract and the table of calls name the same calls and bodies") {
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
    // A parameter of the path is described, and none that is not there.
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

TEST_CASE("operation ids of the contract are unique and its references lead somewhere") {
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

TEST_CASE("GET / and GET /_emulator list every call, with links that work") {
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

TEST_CASE("every refusal of a body says what was wrong, where, and what would be right") {
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
       "/seconds is no time", "/seconds"},
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
  // Nothing of it was half applied.
  CHECK(BodyOf(ask("/_emulator/clock"))["now"] == "2026-11-24T12:00:00Z");
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].empty());
}

TEST_CASE("the CA is served as PEM where there is one of ours, and else the answer says how") {
  TestEmulator ask({}, {}, DefaultFixtures(), "-----BEGIN CERTIFICATE-----");
  for (const char* target : {"/_emulator/ca.pem", "/_sandbox/a/_emulator/ca.pem"}) {
    const http::Response response = ask("GET", target, "");
    CHECK(response.body == "-----BEGIN CERTIFICATE-----");
    CHECK(HeaderOf(response, "Content-Type") == "application/x-pem-file");
  }
  TestEmulator plain({}, {}, DefaultFixtures(), "");
  const http::Response response = plain("GET", "/_emulator/ca.pem", "");
  CHECK(response.status == 404);
  CHECK(MessageOf(response) == "There is no CA of the emulator's; --tls self-signed makes one.");
}

TEST_CASE("unknown calls and methods are told as everywhere") {
  TestEmulator ask;
  CHECK(ask("GET", "/_emulator/nothing", "").status == 404);
  const http::Response response = ask("POST", "/_emulator/clock", "");
  CHECK(response.status == 405);
  CHECK(HeaderOf(response, "Allow") == "GET, HEAD, PUT, DELETE, OPTIONS");
}

TEST_CASE("who may call is told apart: nobody, who sends the token, everybody") {
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

TEST_CASE("the clock moves limiter windows, token expiry and Date of its World, and nothing else") {
  TestEmulator ask;
  const auto status = [&](const char* token) { return ask(kExamplePath, token).status; };
  ask("PUT", "/_emulator/rate-limit/premium-app", R"({"limit": 1, "seconds": 60})");
  CHECK(BodyOf(
            ask("PUT", "/_emulator/clock", R"({"now": "2000-06-01T00:00:00Z", "frozen": true})")) ==
        json{{"now", "2000-06-01T00:00:00Z"}, {"frozen", true}});
  CHECK(HeaderOf(ask("/"), "Date") == "Thu, 01 Jun 2000 00:00:00 GMT");
  CHECK(status("expired-token") == 200);
  CHECK(HeaderOf(ask("/_sandbox/other/"), "Date") != "Thu, 01 Jun 2000 00:00:00 GMT");
  CHECK(ask("/_sandbox/other" + kExamplePath, "expired-token").status == 401);

  CHECK(BodyOf(ask("POST", "/_emulator/clock/advance", R"({"seconds": 1.5})"))["now"] ==
        "2000-06-01T00:00:01.500Z");
  const json released = BodyOf(ask("DELETE", "/_emulator/clock", ""));
  CHECK(released["frozen"] == false);
  CHECK(released["now"].get<std::string>() > "2026");
}

TEST_CASE("the ledger tells, sets, exhausts and forgets") {
  TestEmulator ask;
  const std::string path = "/_emulator/rate-limit/premium-app";
  const auto call = [&] { return ask(kExamplePath, "reader-token"); };
  const json before = BodyOf(ask(path));
  CHECK(before["limitedBy"] == "tier");
  CHECK(before["windows"][0] ==
        json{{"limit", 5000}, {"seconds", 60}, {"used", 0}, {"remaining", 5000}});

  CHECK(
      BodyOf(ask("PUT", path,
                 R"([{"limit": 2, "seconds": 60}, {"limit": 3, "seconds": 3600}])"))["limitedBy"] ==
      "control");
  CHECK(call().status == 200);
  const json after = BodyOf(ask(path));
  CHECK(after["windows"][0] == json{{"limit", 2},
                                    {"seconds", 60},
                                    {"used", 1},
                                    {"remaining", 1},
                                    {"resetsAt", "2026-11-24T12:01:00Z"}});
  CHECK(after["windows"][1]["remaining"] == 2);
  CHECK(call().status == 200);
  CHECK(HeaderOf(call(), "retry-after") == "60");

  ask("DELETE", path, "");
  CHECK(call().status == 200);
  CHECK(BodyOf(ask("POST", path + "/exhaust", ""))["windows"][0]["remaining"] == 0);
  CHECK(call().status == 429);
  ask("PUT", path, "\"off\"");
  CHECK(call().status == 200);
  CHECK(ask("POST", path + "/exhaust", "").status == 409);
  ask("PUT", path, "\"default\"");
  CHECK(BodyOf(ask(path))["limitedBy"] == "tier");
  CHECK(BodyOf(ask("/_emulator/rate-limit"))["clients"].size() ==
        DefaultFixtures().clients.items.size());
}

TEST_CASE("fixtures are changed one by one, and each change shows in the next answer") {
  TestEmulator ask;
  const auto status = [&](const std::string& id, const char* token) {
    return ask("/export/connections/" + id, token).status;
  };
  CHECK(status("new", "owner-token") == 404);
  CHECK(ask("PUT", "/_emulator/connections/new", R"({"displayName": "New"})").status == 201);
  CHECK(status("new", "owner-token") == 200);
  CHECK(status("new", "stranger-token") == 403);
  CHECK(ask("PUT", "/_emulator/connections/new",
            R"({"connection": {"id": "new", "displayName": "Newer"}})")
            .status == 200);
  CHECK(ask("/export/connections/new", "owner-token").body ==
        R"({"connection":{"id":"new","displayName":"Newer"}})");
  CHECK(BodyOf(ask("/_emulator/connections/new")) == json{{"id", "new"}, {"displayName", "Newer"}});

  CHECK(ask("PUT", "/_emulator/users/ann", R"({"connections": []})").status == 201);
  CHECK(ask("PUT", "/_emulator/clients/app", R"({"tier": "trial", "user": "ann"})").status == 201);
  CHECK(ask("PUT", "/_emulator/tokens/anns",
            R"({"token": "t-1", "client": "app", "scopes": ["export:read"]})")
            .status == 201);
  CHECK(status("new", "t-1") == 403);
  ask("PUT", "/_emulator/users/ann", R"({"connections": ["new"]})");
  CHECK(status("new", "t-1") == 200);

  const http::Response referred = ask("DELETE", "/_emulator/clients/app", "");
  CHECK(referred.status == 409);
  CHECK(MessageOf(referred).find("token \"anns\"") != std::string::npos);
  CHECK(ask("DELETE", "/_emulator/tokens/anns", "").status == 204);
  CHECK(status("new", "t-1") == 401);
  CHECK(ask("DELETE", "/_emulator/clients/app", "").status == 204);
  CHECK(ask("DELETE", "/_emulator/connections/new", "").status == 204);
  CHECK(BodyOf(ask("/_emulator/users/ann"))["connections"] == json::array());
}

TEST_CASE("a whole World can be taken out, saved as a fixture file and put back") {
  TestEmulator ask;
  ask("PUT", "/_emulator/connections/new", "{}");
  const std::string saved = ask("/_emulator/fixtures").body;
  CHECK(ask("PUT", "/_emulator/fixtures", "{}").status == 200);
  CHECK(ask(kExamplePath, "reader-token").status == 401);
  CHECK(BodyOf(ask("PUT", "/_emulator/fixtures", saved))["connections"] ==
        DefaultFixtures().connections.items.size() + 1);
  CHECK(ask("/_emulator/fixtures").body == saved);
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(ask("/export/connections/new", "reader-token").status == 404);
}

TEST_CASE("sandboxes are listed with their base URL, made, dropped and bounded") {
  TestEmulator ask({}, {.max_sandboxes = 2});
  CHECK(ask("GET", "/_emulator/sandboxes/a", "").status == 404);
  CHECK(ask("/_sandbox/a" + kExamplePath, "reader-token").status == 200);
  CHECK(BodyOf(ask("GET", "/_emulator/sandboxes/a", ""))["url"] ==
        "http://emulator.test/_sandbox/a");
  const http::Response made =
      ask("PUT", "/_emulator/sandboxes/b", R"({"fixtures": {"connections": [{"id": "only"}]}})");
  CHECK(made.status == 201);
  CHECK(BodyOf(made)["ownFixtures"] == true);
  CHECK(ask("/_sandbox/b" + kExamplePath, "reader-token").status == 401);

  const http::Response third = ask("/_sandbox/c" + kExamplePath, "reader-token");
  CHECK(third.status == 503);
  CHECK(BodyOf(third)["error"]["code"] == "TooManySandboxes");
  CHECK(ask("PUT", "/_emulator/sandboxes/c", "").status == 503);
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].size() == 2);
  // Calls about all of them are the same in each, and make none.
  CHECK(ask("DELETE", "/_sandbox/c/_emulator/sandboxes/a", "").status == 204);
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].size() == 1);
}

TEST_CASE("runs and their plans are fixtures like others, and a run can be finished now") {
  TestEmulator ask;
  const std::string run = "/_emulator/runs/mine";
  const std::string body =
      R"({"connectionId":"service-connection","startDateTime":"2026-11-24T11:59:58Z","seconds":60})";
  CHECK(ask("PUT", run, body).status == 201);
  CHECK(BodyOf(ask("GET", run, ""))["outcome"] == "Success");
  const std::string told = "/export/connections/service-connection/runs/mine";
  const auto shown = [&] { return BodyOf(ask(told, "reader-token"))["run"]; };
  CHECK(shown()["state"] == "Executing");
  CHECK(ask("POST", run + "/finish", R"({"outcome": "Eror"})").status == 422);
  CHECK(BodyOf(ask("POST", run + "/finish", R"({"outcome": "Error"})"))["seconds"] == 1);
  CHECK(shown()["result"] == "Error");
  CHECK(ask("POST", run + "/finish", "").status == 200);
  CHECK(ask("POST", "/_emulator/runs/none/finish", "").status == 404);
  CHECK(ask("DELETE", run, "").status == 204);
  CHECK(ask("GET", run, "").status == 404);

  const std::string plan = "/_emulator/run-plans/*";
  CHECK(ask("GET", plan, "").status == 404);
  CHECK(ask("PUT", plan, R"({"seconds": 0.25, "simultaneousSeconds": 1})").status == 201);
  CHECK(ask("GET", plan, "").body ==
        R"({"connectionId":"*","simultaneousSeconds":1,"outcome":"Success","queuedSeconds":1,)"
        R"("seconds":0.25})");
  CHECK(MessageOf(ask("PUT", "/_emulator/run-plans/none", "{}")).find("no connection \"none\"") !=
        std::string::npos);
  CHECK(ask("DELETE", plan, "").status == 204);
}

TEST_CASE("a World follows the edition and the readings that it is told, until it is reset") {
  TestEmulator ask({}, {.beginning = {.profile = {.project_link = true}}});
  const std::string edition = "/_emulator/edition";
  const std::string beginning = R"({"edition":"page","assumptions":["project-link"]})";
  CHECK(ask("GET", edition, "").body == beginning);
  CHECK(ask("PUT", edition, R"({"assumptions": ["no-retry-after"], "edition": "current"})").body ==
        R"({"edition":"current","assumptions":["no-retry-after"]})");
  CHECK(ask("GET", "/_sandbox/a" + edition, "").body == beginning);
  CHECK(ask(kExamplePath, "reader-token").status == 401);
  CHECK(ask("PUT", edition, R"({"edition": "next"})").status == 422);
  CHECK(ask("PUT", edition, "{}").status == 422);
  CHECK(ask("DELETE", edition, "").body == beginning);
  ask("PUT", edition, R"({"edition": "current"})");
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(ask("GET", edition, "").body == beginning);
}
