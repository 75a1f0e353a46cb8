#include "http/server/tls_session.h"

#include "crypto/certificates.h"
#include "http/server/tls_context.h"
#include "support/tls_client.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

namespace {

// Both sides of a connection.
struct BothSides {
  void Carry(size_t most = std::string::npos) { Exchange(client, *server, received, most); }

  TlsContext context{ForLocalhost().pair};
  std::unique_ptr<TlsSession> server = context.Begin();
  TlsClient client{ForLocalhost().ca, "localhost"};
  std::string received;  // from the client
};

}  // namespace

TEST_CASE("text arrives in both directions, however its bytes are split") {
  for (const size_t most : {size_t{1}, size_t{7}, size_t{5000}, std::string::npos}) {
    BothSides connection;
    connection.Carry(most);
    REQUIRE(connection.client.is_connected());
    connection.client.Encrypt("question");
    connection.Carry(most);
    CHECK(connection.received == "question");
    CHECK(connection.server->Encrypt("answer"));
    connection.Carry(most);
    CHECK(connection.client.plain() == "answer");
    CHECK_FALSE(connection.server->is_over());
  }
}

TEST_CASE("text of many records arrives in both directions") {
  BothSides connection;
  connection.Carry();
  const std::string much(1'000'000, 'x');
  connection.client.Encrypt(much);
  connection.Carry(16384);
  CHECK(connection.received == much);
  CHECK(connection.server->Encrypt(much));
  connection.Carry(16384);
  CHECK(connection.client.plain() == much);
}

TEST_CASE("HasPartialInput is true within a handshake or a record") {
  BothSides connection;
  std::string none;
  const std::string hello = connection.client.Outgoing();
  connection.server->Decrypt(hello.substr(0, 3), none);
  CHECK(connection.server->HasPartialInput());
  connection.server->Decrypt(hello.substr(3), none);
  CHECK(connection.server->HasPartialInput());
  CHECK_FALSE(connection.server->Encrypt("too early"));
  connection.Carry();
  CHECK_FALSE(connection.server->HasPartialInput());
  connection.client.Encrypt("question");
  const std::string record = connection.client.Outgoing();
  for (const size_t part : {size_t{2}, size_t{4}, record.size() - 7}) {
    static size_t at = 0;
    connection.server->Decrypt(record.substr(at, part), none);
    at += part;
    CHECK(connection.server->HasPartialInput());
  }
  CHECK(none.empty());
  connection.server->Decrypt(record.substr(record.size() - 1), none);
  CHECK(none == "question");
  CHECK_FALSE(connection.server->HasPartialInput());
}

TEST_CASE("each side receives close_notify once, and a response may follow the client's") {
  BothSides connection;
  connection.Carry();
  connection.client.Encrypt("question");
  connection.client.Shutdown();
  connection.Carry();
  CHECK(connection.received == "question");
  CHECK(connection.server->is_over());
  CHECK(connection.server->Encrypt("answer"));
  connection.server->Shutdown();
  const std::string wire = std::exchange(connection.server->outgoing(), "");
  connection.server->Shutdown();
  CHECK(connection.server->outgoing().empty());
  connection.client.Decrypt(wire);
  CHECK(connection.client.plain() == "answer");
  CHECK(connection.client.received_close_notify());
}

TEST_CASE("a shutdown before the end of the handshake sends nothing") {
  BothSides connection;
  connection.server->Shutdown();
  CHECK(connection.server->outgoing().empty());
}

TEST_CASE("bytes that are not TLS end the session with an alert, and nothing can be sent") {
  for (const bool late : {false, true}) {
    BothSides connection;
    if (late) connection.Carry();
    std::string none;
    connection.server->Decrypt("\x16\x03\x01 rubbish, and enough of it for a record's head", none);
    connection.server->Decrypt(std::string(20'000, '?'), none);
    CHECK(connection.server->is_over());
    CHECK(connection.server->has_failed_handshake() != late);
    CHECK(none.empty());
    CHECK_FALSE(connection.server->outgoing().empty());
    const size_t size = connection.server->outgoing().size();
    CHECK_FALSE(connection.server->Encrypt("answer"));
    connection.server->Shutdown();
    CHECK(connection.server->outgoing().size() == size);
  }
}

TEST_CASE("a client of TLS 1.2 cannot renegotiate") {
  BothSides connection;
  SSL_set_max_proto_version(connection.client.ssl(), TLS1_2_VERSION);
  connection.Carry();
  REQUIRE(connection.client.is_connected());
  REQUIRE(SSL_renegotiate(connection.client.ssl()) == 1);
  SSL_do_handshake(connection.client.ssl());
  connection.Carry();
  CHECK(connection.received.empty());
  CHECK_FALSE(connection.client.is_connected());
}

TEST_CASE("a key update of the client is accepted during a transfer") {
  BothSides connection;
  connection.Carry();
  REQUIRE(SSL_key_update(connection.client.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
  connection.client.Encrypt("question");
  connection.Carry();
  CHECK(connection.received == "question");
  CHECK(connection.server->Encrypt("answer"));
  connection.Carry();
  CHECK(connection.client.plain() == "answer");
}
