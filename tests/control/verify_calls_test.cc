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

// A call that waits, without a socket. Poll() asks it again, as the HTTP server does.
struct Wait {
  Wait(TestEmulator& ask_of, const std::string& body, const std::string& query = "",
       RealTime arrived = RealNow(), const std::string& sandbox = "")
      : ask(ask_of),
        request{.method = "POST",
                .target = sandbox + "/_emulator/verify/wait" + query,
                .body = body,
                .arrived = arrived} {
    Poll();
  }

  bool IsWaiting() const { return response.pending && response.pending->retry; }
  http::Response& Poll() {
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

TEST_CASE("a claim that holds is a 200, one that does not is a 409 that says why") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  const http::Response passed = Verify(ask, R"({"match": {"status": 200}})");
  CHECK(passed.status == 200);
  const json body = BodyOf(passed);
  CHECK(body["passed"] == true);
  CHECK_FALSE(body.contains("error"));
  CHECK(body["results"].size() == 1);
  CHECK(body["results"][0]["count"] == 1);

  const http::Response failed = Verify(ask, R"({"match": {"status": 429}})");
  CHECK(failed.status == 409);
  CHECK(BodyOf(failed)["passed"] == false);
  CHECK(BodyOf(failed)["error"]["code"] == "VerificationUnmet");
  CHECK(MessageOf(failed).find("status was 200, not 429") != std::string::npos);
}

TEST_CASE("all claims of a list must hold, and the message has every failure") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  CHECK(Verify(ask, R"([{"match": {}}, {"match": {"status": 200}}])").status == 200);
  const http::Response failed =
      Verify(ask, R"([{"match": {"status": 401}}, {"match": {}}, {"sequence": [{}, {}]}])");
  CHECK(failed.status == 409);
  CHECK(BodyOf(failed)["results"].size() == 3);
  CHECK(MessageOf(failed).find("not 401. No request matches step 2 of 2") != std::string::npos);
}

TEST_CASE("a verification evaluates only its own world") {
  TestEmulator ask;
  ask("/_sandbox/a" + kExamplePath, "reader-token");
  CHECK(Verify(ask, R"({"match": {}})").status == 409);
  CHECK(Verify(ask, R"({"match": {}})", "/_sandbox/a").status == 200);
  CHECK(Verify(ask, R"({"match": {}})", "/_sandbox/b").status == 409);
  // Control calls do not count.
  CHECK(Verify(ask, R"({"match": {}, "count": {"exactly": 0}})").status == 200);
}

TEST_CASE("errors of a verification have their place") {
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

TEST_CASE("a wait ends at once if the claim holds already, or can never hold") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  Wait passed(ask, R"({"match": {}})");
  CHECK_FALSE(passed.IsWaiting());
  CHECK(passed.response.status == 200);
  Wait too_many(ask, R"({"match": {}, "count": {"atMost": 0}})");
  CHECK_FALSE(too_many.IsWaiting());
  CHECK(too_many.response.status == 409);
  CHECK(Wait(ask, R"([{"match": {"status": 404}}, {"match": {}, "count": {"exactly": 0}}])")
            .response.status == 409);
  CHECK(Wait(ask, R"({"retries": "none-early"})").response.status == 200);
}

TEST_CASE("the next request wakes a wait, which answers when the claim holds") {
  TestEmulator ask;
  Wait wait(ask, R"({"match": {"status": 404}})");
  REQUIRE(wait.IsWaiting());
  int wakeups = 0;
  wait.response.pending->waker->SetCallback([&] { ++wakeups; });
  ask("/_sandbox/other/nothing");
  CHECK(wakeups == 0);
  ask(kExamplePath, "reader-token");
  CHECK(wakeups == 1);
  wait.Poll();
  REQUIRE(wait.IsWaiting());
  wait.response.pending->waker->SetCallback([&] { ++wakeups; });
  ask("/export/connections/none", "reader-token");
  CHECK(wakeups == 2);
  wait.Poll();
  CHECK_FALSE(wait.IsWaiting());
  CHECK(wait.response.status == 200);
  CHECK(BodyOf(wait.response)["results"][0]["count"] == 1);
}

TEST_CASE("a wait for a list ends when its last claim holds") {
  TestEmulator ask;
  Wait wait(ask,
            R"([{"match": {"status": 404}}, {"sequence": [{"status": 404}, {"status": 200}]}])");
  CHECK(wait.IsWaiting());
  ask("/export/connections/none", "reader-token");
  wait.Poll();
  CHECK(wait.IsWaiting());
  ask(kExamplePath, "reader-token");
  CHECK(wait.Poll().status == 200);
  CHECK_FALSE(wait.IsWaiting());
}

TEST_CASE("a wait ends when its claim can never hold any more") {
  TestEmulator ask;
  Wait wait(ask,
            R"([{"match": {"status": 404}}, {"match": {"status": 200}, "count": {"exactly": 0}}])");
  CHECK(wait.IsWaiting());
  ask(kExamplePath, "reader-token");
  CHECK(wait.Poll().status == 409);
  CHECK_FALSE(wait.IsWaiting());
}

TEST_CASE("the time-out of a wait starts when its request arrives, in real time") {
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

  // The time-out passes between two polls.
  Wait wait(ask, body, "?timeoutMs=60000", RealNow() - 59'950ms);
  while (wait.IsWaiting()) wait.Poll();
  CHECK(wait.response.status == 409);
}

TEST_CASE("an invalid time-out is refused, also if the claim holds") {
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

TEST_CASE("a wait ends when its world is reset or deleted") {
  TestEmulator ask;
  const std::string body = R"({"match": {"status": 404}})";
  Wait wait(ask, body);
  Wait sandboxed(ask, body, "", RealNow(), "/_sandbox/a");
  REQUIRE(wait.IsWaiting());
  REQUIRE(sandboxed.IsWaiting());
  int wakeups = 0;
  wait.response.pending->waker->SetCallback([&] { ++wakeups; });
  sandboxed.response.pending->waker->SetCallback([&] { ++wakeups; });

  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(wakeups == 1);
  ask("/nothing");
  CHECK(wait.Poll().status == 409);
  CHECK(BodyOf(wait.response)["error"]["code"] == "WorldReset");

  CHECK(ask("DELETE", "/_emulator/sandboxes/a", "").status == 204);
  CHECK(wakeups == 2);
  ask("/_sandbox/a/nothing");
  CHECK(sandboxed.Poll().status == 409);
  CHECK(BodyOf(sandboxed.response)["error"]["code"] == "WorldReset");
  // A new call is for the new world.
  CHECK(Verify(ask, body, "/_sandbox/a").status == 200);
}

TEST_CASE("a wait whose client is gone holds no resources") {
  TestEmulator ask;
  std::weak_ptr<http::Waker> waker;
  {
    Wait wait(ask, R"({"match": {"status": 404}})");
    waker = wait.response.pending->waker;
  }
  CHECK(waker.expired());
}

TEST_CASE("retries are reported by client, on the world's clock") {
  TestEmulator ask;
  const auto retries = [&] { return BodyOf(ask("GET", "/_emulator/retries", ""))["clients"]; };
  CHECK(retries() == json::array());
  CHECK(ask("POST", "/_emulator/rate-limit/premium-app/exhaust", "").status == 200);
  CHECK(HeaderOf(ask(kExamplePath, "reader-token"), "retry-after") == "60");
  CHECK(retries()[0]["refusals"][0]["cameBack"] == "never");
  CHECK(Verify(ask, R"({"retries": "none-early"})").status == 200);

  ask("POST", "/_emulator/clock/advance", R"({"seconds": 59.5})");
  CHECK(ask(kExamplePath, "reader-token").status == 429);
  const http::Response failed = Verify(ask, R"({"retries": "none-early"})");
  CHECK(failed.status == 409);
  CHECK(MessageOf(failed).find(" came 59.5 s after request ") != std::string::npos);
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

TEST_CASE("coverage is of one world, and emptying the journal keeps it") {
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
