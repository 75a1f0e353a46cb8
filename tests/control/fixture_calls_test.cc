#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("each change of a fixture shows in the next answer") {
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

TEST_CASE("all fixtures can be read as a file and put back") {
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

TEST_CASE("runs and run plans are fixtures, and a run can be completed now") {
  TestEmulator ask;
  const std::string run = "/_emulator/runs/mine";
  const std::string body =
      R"({"connectionId":"service-connection","startDateTime":"2026-11-24T11:59:58Z","seconds":60})";
  CHECK(ask("PUT", run, body).status == 201);
  CHECK(BodyOf(ask("GET", run, ""))["outcome"] == "Success");
  const std::string path = "/export/connections/service-connection/runs/mine";
  const auto read = [&] { return BodyOf(ask(path, "reader-token"))["run"]; };
  CHECK(read()["state"] == "Executing");
  CHECK(ask("POST", run + "/finish", R"({"outcome": "Eror"})").status == 422);
  CHECK(BodyOf(ask("POST", run + "/finish", R"({"outcome": "Error"})"))["seconds"] == 1);
  CHECK(read()["result"] == "Error");
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
