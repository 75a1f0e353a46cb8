// Shared by most tests: the default world with a stopped clock, and short functions for requests.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/contract.h"
#include "api/service.h"
#include "base/embedded.h"
#include "fixtures/fixture_file.h"
#include "journal/journal_registry.h"
#include "support/source_folder.h"
#include "tokens/issuer.h"
#include "world/world.h"

namespace emulator {

inline const std::string kExampleId = "fc226d0d-1647-48d7-8c11-f1f74f2d9808";
inline const std::string kExamplePath = "/export/connections/" + kExampleId;

inline Time At(const char* text) {
  return ParseTime(text).value();
}
inline const Time kNoon = At("2026-11-24T12:00:00Z");

inline std::string ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// An example body of the vendor's page, minified, or its sentences; made by tests/cut_golden.py.
inline std::string Golden(const std::string& operation, const std::string& file) {
  return ReadFile(GoldenFolder() + "/" + operation + "/" + file);
}
inline std::string Golden(const std::string& operation, int status) {
  return Golden(operation, std::to_string(status) + ".json");
}

inline fixtures::FixtureSet ReadFixture(const std::string& text,
                                        const std::string& name = "test.json") {
  return fixtures::ReadFixtures({{name, text}});
}
inline fixtures::FixtureSet DefaultFixtures() {
  return ReadFixture(std::string(embedded::kDefaultWorld));
}

inline http::Request Get(const std::string& target, const std::string& token = "") {
  http::Request request{.method = "GET", .target = target};
  if (!token.empty()) request.headers.Add("Authorization", "Bearer " + token);
  return request;
}

// A changing request by a user who has the permission.
inline http::Request Post(const std::string& target, const std::string& body,
                          const std::string& token = "writer-token") {
  http::Request request = Get(target, token);
  request.method = "POST";
  request.body = body;
  return request;
}
inline http::Request Delete(const std::string& target, const std::string& token = "writer-token") {
  http::Request request = Get(target, token);
  request.method = "DELETE";
  return request;
}

// Made once per test program: making a key is slow.
inline std::shared_ptr<const crypto::SigningKey> TestKey() {
  static const auto key = std::make_shared<const crypto::SigningKey>();
  return key;
}

// Fails if a response of the vendor's API breaks its contract, unless a planned fault changed it.
inline void CheckContract(const api::RequestRecord& record) {
  if (record.fault != 0) return;
  INFO(record.operation << " " << record.response.status << " " << record.response.body);
  for (const std::string& violation : api::Violations(record.operation, record.response))
    FAIL_CHECK(violation);
}

// A World whose clock is stopped at noon, and a Service that handles its requests.
struct TestWorld {
  explicit TestWorld(const fixtures::FixtureSet& fixtures = DefaultFixtures(),
                     std::optional<std::vector<fixtures::RateLimit>> limits_for_all = std::nullopt)
      : world(std::make_shared<fixtures::FixtureStore>(fixtures),
              {.limits_for_all = std::move(limits_for_all), .seed = 1},
              journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(1 << 20))) {
    world.clock.Freeze(kNoon);
  }

  api::RequestRecord Ask(const http::Request& request) {
    api::RequestRecord record = service.Answer(request, world);
    CheckContract(record);
    return record;
  }
  api::RequestRecord Ask(const std::string& target, const std::string& token) {
    return Ask(Get(target, token));
  }

  world::World world;
  std::vector<std::string> failures;
  tokens::Issuer issuer{{}, TestKey()};
  api::Service service{tokens::TokenVerifier(issuer),
                       [this](const std::string& failure) { failures.push_back(failure); }};
};

// An entry as the journal stores it.
inline journal::RecordedEntry Keep(uint64_t id, const journal::JournalEntry& entry,
                                   const http::Headers& headers = {},
                                   const http::Headers& answer_headers = {}) {
  const auto packed = std::make_shared<const std::string>(
      journal::Pack(entry, headers, answer_headers, http::Credentials(headers)));
  return {packed, journal::Unpack(id, *packed)};
}

// Headers as the journal stores them. They stay valid until the test program ends.
inline journal::RecordedHeaders Packed(const http::Headers& headers) {
  static std::deque<journal::RecordedEntry> kept;
  return kept.emplace_back(Keep(0, {}, headers)).entry.headers;
}

inline std::string HeaderOf(const http::Response& response, std::string_view name) {
  const std::string* value = response.headers.Find(name);
  return value ? *value : "(none)";
}

}  // namespace emulator
