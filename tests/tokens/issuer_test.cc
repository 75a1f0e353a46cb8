#include "tokens/issuer.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::tokens;

namespace {

http::Request To(const std::string& host) {
  return {.method = "GET", .target = "/", .headers = {{"Host", host}}};
}

world::World WorldOf(const std::string& sandbox) {
  return {std::make_shared<fixtures::FixtureStore>(fixtures::FixtureSet{}),
          world::World::Settings{},
          journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(0)), sandbox};
}

}  // namespace

TEST_CASE("an issuer's name is the URL the client used; a sandbox appends its path") {
  const Issuer issuer;
  const world::World world = WorldOf(""), sandbox = WorldOf("ci-7");
  CHECK(issuer.NameOf(world, "http://emulator:8080") == "http://emulator:8080");
  CHECK(issuer.NameOf(sandbox, "http://emulator:8080") == "http://emulator:8080/_sandbox/ci-7");
  CHECK(issuer.IsNameOf(world, "http://emulator:8080", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(world, "http://emulator:8080/", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(world, "http://emulator:8080/_sandbox/ci-7", To("emulator:8080")));
  CHECK(issuer.IsNameOf(sandbox, "http://emulator:8080/_sandbox/ci-7", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(sandbox, "http://emulator:8080", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(sandbox, "/_sandbox/ci-7", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(world, "", To("emulator:8080")));
  CHECK_FALSE(issuer.IsNameOf(world, Issuer::kVendor, To("emulator:8080")));
}

TEST_CASE("a token that was issued under one name is valid under another") {
  const Issuer issuer;
  const world::World world = WorldOf("");
  CHECK_FALSE(issuer.IsNameOf(world, "http://localhost:8080", To("127.0.0.1:8080")));
  issuer.AddAlias("http://localhost:8080");
  CHECK(issuer.IsNameOf(world, "http://localhost:8080", To("127.0.0.1:8080")));
  CHECK_FALSE(issuer.IsNameOf(world, "http://localhost:8081", To("127.0.0.1:8080")));
}

TEST_CASE("a configured name is the only one") {
  const Issuer issuer({.name = "https://login.example"}, nullptr);
  const world::World world = WorldOf(""), sandbox = WorldOf("a");
  CHECK(issuer.NameOf(world, "http://emulator:8080") == "https://login.example");
  CHECK(issuer.NameOf(sandbox, "http://emulator:8080") == "https://login.example/_sandbox/a");
  CHECK(issuer.IsNameOf(world, "https://login.example", To("emulator:8080")));
  issuer.AddAlias("http://emulator:8080");
  CHECK_FALSE(issuer.IsNameOf(world, "http://emulator:8080", To("emulator:8080")));
  CHECK(issuer.OfFixtures() == "https://login.example");
  CHECK(Issuer().OfFixtures() == "https://ims.bentley.com");
}

TEST_CASE("a public URL is a name, with or without a trailing slash") {
  const Issuer issuer({.public_url = "https://api.example/base/"}, nullptr);
  CHECK(issuer.IsNameOf(WorldOf(""), "https://api.example/base", To("emulator:8080")));
}
