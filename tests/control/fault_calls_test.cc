#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("faults are planned, listed, counted and deleted") {
  TestEmulator ask;
  const std::string faults = "/_emulator/faults";
  const http::Response planned = ask("POST", faults, R"({"then": {"status": 503}})");
  CHECK(planned.status == 201);
  CHECK(HeaderOf(planned, "Location") == "http://emulator.test/_emulator/faults/1");
  CHECK(ask("POST", faults, R"({"then": {"delayMs": 1}})").status == 201);
  CHECK(ask(kExamplePath, "reader-token").status == 503);

  const json list = BodyOf(ask("GET", faults, ""))["faults"];
  REQUIRE(list.size() == 2);
  CHECK(list[0] == json{{"id", 1}, {"then", {{"status", 503}}}, {"matched", 1}, {"applied", 1}});
  CHECK(list[1]["matched"] == 0);
  CHECK(BodyOf(ask("GET", faults + "/2", "")) == list[1]);

  CHECK(ask("DELETE", faults + "/1", "").status == 204);
  CHECK(ask(kExamplePath, "reader-token").status == 200);
  CHECK(ask("DELETE", faults, "").status == 204);
  CHECK(BodyOf(ask("GET", faults, ""))["faults"].empty());
}

TEST_CASE("an unknown or invalid id of a fault is a 404") {
  TestEmulator ask;
  for (const char* id : {"0", "1", "-1", "1x", "abc", "99999999999999999999"})
    for (const char* method : {"GET", "DELETE"}) {
      const http::Response response = ask(method, std::string("/_emulator/faults/") + id, "");
      CHECK(response.status == 404);
      CHECK(MessageOf(response) == "There is no planned fault \"" + std::string(id) + "\".");
    }
}

TEST_CASE("a world has at most 1000 planned faults") {
  TestEmulator ask;
  for (int i = 0; i < 1000; ++i) ask.worlds.Default()->faults.Add({});
  const http::Response response = ask("POST", "/_emulator/faults", R"({"then": {"delayMs": 1}})");
  CHECK(response.status == 409);
  CHECK(BodyOf(response)["error"]["code"] == "TooManyFaults");
}

TEST_CASE("old members of a fault are unknown, and the answer lists the present ones") {
  TestEmulator ask;
  const http::Response response =
      ask("POST", "/_emulator/faults", R"({"then": {"lie": "no-body"}})");
  CHECK(response.status == 422);
  CHECK(MessageOf(response).find("unknown member \"lie\"") != std::string::npos);
  CHECK(MessageOf(response).find("tamper") != std::string::npos);
}
