#include "http/server/listener.h"

#include <sys/socket.h>

#include "support/thrown.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

TEST_CASE("localhost listens on all loopback addresses, on one free port") {
  const Listener listener("localhost", 0);
  CHECK(listener.port() > 0);
  CHECK(!listener.sockets().empty());
  CHECK(listener.url() == "http://localhost:" + std::to_string(listener.port()));
}

TEST_CASE("two servers never share a port") {
  const Listener first("127.0.0.1", 0);
  CHECK_THROWS_AS(Listener("127.0.0.1", first.port()), PortTakenError);
  CHECK_THROWS_AS(Listener("localhost", first.port()), PortTakenError);
}

TEST_CASE("a closed port can be used again at once") {
  int port = 0;
  {
    const Listener first("127.0.0.1", 0);
    port = first.port();
  }
  const Listener second("127.0.0.1", port);
  CHECK(second.port() == port);
}

TEST_CASE("an address of another machine is rejected with advice") {
  for (const char* host : {"192.0.2.1", "no such host"}) {
    INFO(host);
    try {
      const Listener listener(host, 0);
      FAIL("listens");
    } catch (const PortTakenError&) {
      FAIL("wrong error");
    } catch (const ListenError& error) {
      CHECK(std::string(error.what()).find("--host") != std::string::npos);
    }
  }
}

TEST_CASE("the error of a taken port names its flag") {
  const Listener first("127.0.0.1", 0);
  const auto error_for = [&](Scheme scheme) {
    return Thrown<PortTakenError>(
        [&] { const Listener second("127.0.0.1", first.port(), scheme); });
  };
  CHECK(error_for(Scheme::kHttp).find("choose another --port;") != std::string::npos);
  CHECK(error_for(Scheme::kHttps).find("choose another --tls-port;") != std::string::npos);
  CHECK(error_for(Scheme::kHttps).find("https://127.0.0.1:") != std::string::npos);
}

TEST_CASE("UrlOf returns a URL that a client can connect to") {
  CHECK(UrlOf("localhost", 80) == "http://localhost:80");
  CHECK(UrlOf("0.0.0.0", 80) == "http://127.0.0.1:80");
  CHECK(UrlOf("::", 443, Scheme::kHttps) == "https://[::1]:443");
  CHECK(UrlOf("::", 80) == "http://[::1]:80");
  CHECK(UrlOf("fe80::1", 80) == "http://[fe80::1]:80");
}
