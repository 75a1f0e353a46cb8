#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

http::Response Verify(TestEmulator& ask, const std::string& body, const std::string& sandbox = "") {
  return ask("POST", sandbox + "/_emulator/verify", body);
}

// A call that waits, without a socket. It is asked again as the door asks it.
struct Wait {
  Wait(TestEmulator& ask_of, const std::string& body, const std::string& query = "",
       RealTime arrived = RealNow(), const std::string& sandbox = "")
      : ask(ask_of),
        request{.method = "POST",
                .target = sandbox + "/_emulator/verify/wait" + query,
                .body = body,
                .arrived = arrived} {
    TakeSnapshot();
  }

  bool IsWaiting() const { return response.pending && response.pending->retry; }
  http::Response& TakeSnapshot() {
    const auto awaited = IsWaiting() ? response.pending : nullptr;
    response = awaited ? awaited->retry() : ask(request);
    if (!IsWaiting()) CheckContract(request, response);
    return response;
  }

  TestEmulator& ask;
  http::Request request;
  http::Response response;
};

}  // namespace

TEST_CASE("a verification that is met is a 200, one that is not a 409 that says why") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  const http::Response met = Verify(ask, R"({"match": {"status": 200}})");
  CHECK(met.status == 200);
  const json body = BodyOf(met);
  CHECK(body["passed"] == true);
  CHECK_FALSE(body.contains("error"));
  CHECK(body["results"].size() == 1);
  CHECK(body["results"][0]["count"] == 1);

  const http::Response unmet = Verify(ask, R"({"match": {"status": 429}})");
  CHECK(unmet.status == 409);
  CHECK(BodyOf(unmet)["passed"] == false);
  CHECK(BodyOf(unmet)["error"]["code"] == "VerificationUnmet");
  CHECK(MessageOf(unmet).find("status was 200, not 429") != std::string::npos);
}

TEST_CASE("of a list all must be met; the sentences of those that are not are told together") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  CHECK(Verify(ask, R"([{"match": {}}, {"match": {"status": 200}}])").status == 200);
  const http::Response unmet =
      Verify(ask, R"([{"match": {"status": 401}}, {"match": {}}, {"sequence": [{}, {}]}])");
  CHECK(unmet.status == 409);
  CHECK(BodyOf(unmet)["results"].size() == 3);
  CHECK(MessageOf(unmet).find("not 401. No request fits step 2 of 2") != std::string::npos);
}

TEST_CASE("a verification judges its own World alone") {
  TestEmulator ask;
  ask("/_sandbox/a" + kExamplePath, "reader-token");
  CHECK(Verify(ask, R"({"match": {}})").status == 409);
  CHECK(Verify(ask, R"({"match": {}})", "/_sandbox/a").status == 200);
  CHECK(Verify(ask, R"({"match": {}})", "/_sandbox/b").status == 409);
  // Neither are the emulator's own calls counted.
  CHECK(Verify(ask, R"({"match": {}, "count": {"exactly": 0}})").status == 200);
}

TEST_CASE("the defects of a verification are told with their place") {
  TestEmulator ask;
  struct Row {
    const char* body;
    int status;
    const char* target;
  };
  const Row rows[] = {
      {"{", 400, ""},
      {"", 422, ""},
      {"{}", 422, ""},
      {R"([{"match": {}}, {"retries": "none-early", "sequence": [{}]}])", 422, "/1"},
      {R"({"match": {}, "count": {"atLeast": 2, "atMost": 1}})", 422, "/count"},
      {R"({"match": {}, "count": {"exactly": 2, "atMost": 1}})", 422, "/count"},
      {R"({"match": {"headers": {"Accept": 3}}})", 422, "/match/headers/Accept"},
      {R"([{"match": {"staus": 3}}])", 422, "/0/match/staus"},
  };
  for (const char* path : {"/_emulator/verify", "/_emulator/verify/wait"})
    for (const Row& row : rows) {
      const http::Response response = ask("POST", path, row.body);
      INFO(std::string(row.body) << " " << response.body);
      CHECK(response.status == row.status);
      CHECK(BodyOf(response)["error"].value("target", "") == row.target);
    }
  CHECK(ask("POST", "/_emulator/verify?timeoutMs=5", R"({"match": {}})").status == 422);
}

TEST_CASE("a wait for what is so already, or can never be, is no wait") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  Wait met(ask, R"({"match": {}})");
  CHECK_FALSE(met.IsWaiting());
  CHECK(met.response.status == 200);
  Wait too_many(ask, R"({"match": {}, "count": {"atMost": 0}})");
  CHECK_FALSE(too_many.IsWaiting());
  CHECK(too_many.response.status == 409);
  CHECK(Wait(ask, R"([{"match": {"status": 404}}, {"match": {}, "count": {"exactly": 0}}])")
            .response.status == 409);
  CHECK(Wait(ask, R"({"retries": "none-early"})").response.status == 200);
}

TEST_CASE("a wait is rung for by the next request, and answered when it is so") {
  TestEmulator ask;
  Wait wait(ask, R"({"match": {"status": 404}})");
  REQUIRE(wait.IsWaiting());
  int rings = 0;
  wait.response.pending->waker->SetCallback([&] { ++rings; });
  ask("/_sandbox/other/nothing");
  CHECK(rings == 0);
  ask(kExamplePath, "reader-token");
  CHECK(rings == 1);
  wait.TakeSnapshot();
  REQUIRE(wait.IsWaiting());
  wait.response.pending->waker->SetCallback([&] { ++rings; });
  ask("/export/connections/none", "reader-token");
  CHECK(rings == 2);
  wait.TakeSnapshot();
  CHECK_FALSE(wait.IsWaiting());
  CHECK(wait.response.status == 200);
  CHECK(BodyOf(wait.response)["results"][0]["count"] == 1);
}

TEST_CASE("a wait for a list ends when the last of it is so") {
  TestEmulator ask;
  Wait wait(ask,
            R"([{"match": {"status": 404}}, {"sequence": [{"status": 404}, {"status": 200}]}])");
  CHECK(wait.IsWaiting());
  ask("/export/connections/none", "reader-token");
  wait.TakeSnapshot();
  CHECK(wait.IsWaiting());
  ask(kExamplePath, "reader-token");
  CHECK(wait.TakeSnapshot().status == 200);
  CHECK_FALSE(wait.IsWaiting());
}

TEST_CASE("a wait ends when what it waits for can never be any more") {
  TestEmulator ask;
  Wait wait(ask,
            R"([{"match": {"status": 404}}, {"match": {"status": 200}, "count": {"exactly": 0}}])");
  CHECK(wait.IsWaiting());
  ask(kExamplePath, "reader-token");
  CHECK(wait.TakeSnapshot().status == 409);
  CHECK_FALSE(wait.IsWaiting());
}

TEST_CASE("how long a wait lasts is counted from its arrival, in real time") {
  TestEmulator ask;
  const std::string body = R"({"match": {"status": 404}})";
  const RealTime arrived = RealNow();
  CHECK(Wait(ask, body, "", arrived).response.pending->until == arrived + 5s);
  CHECK(Wait(ask, body, "?timeoutMs=600000", arrived).response.pending->until == arrived + 600s);
  CHECK(Wait(ask, body, "?TimeoutMS=60000", arrived).response.pending->until == arrived + 60s);

  Wait late(ask, body, "?timeoutMs=100", arrived - 100ms);
  CHECK_FALSE(late.IsWaiting());
  CHECK(late.response.status == 409);
  CHECK(BodyOf(late.response)["error"]["code"] == "VerificationUnmet");

  // Its time is over between two looks.
  Wait wait(ask, body, "?timeoutMs=60000", RealNow() - 59'950ms);
  while (wait.IsWaiting()) wait.TakeSnapshot();
  CHECK(wait.response.status == 409);
}

TEST_CASE("a time-out that is none is refused, also where there is nothing to wait for") {
  TestEmulator ask;
  for (const char* value : {"0", "600001", "-1", "1.5", "soon", "1s"}) {
    const http::Response response =
        ask("POST", std::string("/_emulator/verify/wait?timeoutMs=") + value,
            R"({"match": {}, "count": {"atLeast": 0}})");
    CHECK(response.status == 422);
    CHECK(MessageOf(response).find("wanted: a whole number of milliseconds from 1 to 600000.") !=
          std::string::npos);
  }
}

TEST_CASE("a wait ends when its World is reset or dropped, whatever the new one holds") {
  TestEmulator ask;
  const std::string body = R"({"match": {"status": 404}})";
  Wait wait(ask, body);
  Wait sandboxed(ask, body, "", RealNow(), "/_sandbox/a");
  REQUIRE(wait.IsWaiting());
  REQUIRE(sandboxed.IsWaiting());
  int rings = 0;
  wait.response.pending->waker->SetCallback([&] { ++rings; });
  sandboxed.response.pending->waker->SetCallback([&] { ++rings; });

  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(rings == 1);
  ask("/nothing");
  CHECK(wait.TakeSnapshot().status == 409);
  CHECK(BodyOf(wait.response)["error"]["code"] == "WorldReset");

  CHECK(ask("DELETE", "/_emulator/sandboxes/a", "").status == 204);
  CHECK(rings == 2);
  ask("/_sandbox/a/nothing");
  CHECK(sandboxed.TakeSnapshot().status == 409);
  CHECK(BodyOf(sandboxed.response)["error"]["code"] == "WorldReset");
  // Asked anew, it is the new World's.
  CHECK(Verify(ask, body, "/_sandbox/a").status == 200);
}

TEST_CASE("a wait that nobody waits for any more is forgotten") {
  TestEmulator ask;
  std::weak_ptr<http::Waker> waker;
  {
    Wait wait(ask, R"({"match": {"status": 404}})");
    waker = wait.response.pending->waker;
  }
  CHECK(waker.expired());
}

TEST_CASE("retries are told by client, on the World's clock") {
  TestEmulator ask;
  const auto retries = [&] { return BodyOf(ask("GET", "/_emulator/retries", ""))["clients"]; };
  CHECK(retries() == json::array());
  CHECK(ask("POST", "/_emulator/rate-limit/premium-app/exhaust", "").status == 200);
  CHECK(HeaderOf(ask(kExamplePath, "reader-token"), "retry-after") == "60");
  CHECK(retries()[0]["refusals"][0]["cameBack"] == "never");
  CHECK(Verify(ask, R"({"retries": "none-early"})").status == 200);

  ask("POST", "/_emulator/clock/advance", R"({"seconds": 59.5})");
  CHECK(ask(kExamplePath, "reader-token").status == 429);
  const http::Response unmet = Verify(ask, R"({"retries": "none-early"})");
  CHECK(unmet.status == 409);
  CHECK(MessageOf(unmet).find(" came back after 59.5 s, though request ") != std::string::npos);
  ask("POST", "/_emulator/clock/advance", R"({"seconds": 1})");
  CHECK(ask(kExamplePath, "reader-token").status == 200);

  CHECK(ask("POST", "/_emulator/faults", R"({"then": {"status": 503}})").status == 201);
  ask("/export/connections/x");
  const json clients = retries();
  REQUIRE(clients.size() == 2);
  CHECK_FALSE(clients[0].contains("client"));
  CHECK(clients[0]["refusals"][0]["status"] == 503);
  CHECK_FALSE(clients[0]["refusals"][0].contains("retryAfter"));
  CHECK(clients[1]["client"] == "premium-app");
  const json& refusals = clients[1]["refusals"];
  REQUIRE(refusals.size() == 2);
  CHECK(refusals[0]["retryAfter"] == 60);
  CHECK(refusals[0]["cameBack"] == "early");
  CHECK(refusals[0]["afterSeconds"] == 59.5);
  CHECK(refusals[1]["cameBack"] == "on-time");
  CHECK(refusals[1]["retryAfter"] == 1);
}

TEST_CASE("coverage tells of this World which documented outcomes were met, also when emptied") {
  TestEmulator ask;
  const auto coverage = [&](const std::string& sandbox = "") {
    return BodyOf(ask("GET", sandbox + "/_emulator/coverage", ""));
  };
  CHECK(coverage()["percent"] == 0);
  ask(kExamplePath, "reader-token");
  ask(kExamplePath, "reader-token");
  ask("/export/connections/none", "reader-token");
  CHECK(ask("DELETE", "/_emulator/requests", "").status == 204);
  const json body = coverage();
  CHECK(body["documented"] == 42);
  CHECK(body["covered"] == 2);
  CHECK(body["percent"] == 4);
  CHECK(body["operations"][2]["operation"] == "get-export-connection");
  CHECK(body["operations"][2]["outcomes"][0] == json{{"status", 200}, {"count", 2}});
  CHECK(coverage("/_sandbox/a")["covered"] == 0);
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(coverage()["covered"] == 0);
}
