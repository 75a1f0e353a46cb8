#include "http/server/tls_context.h"

#include <atomic>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "crypto/certificates.h"
#include "support/temporary_folder.h"
#include "support/thrown.h"
#include "support/tls_client.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

namespace {

crypto::PemPair Pair(std::string certificate, std::string key) {
  return {{std::move(certificate), "CERT"}, {std::move(key), "KEY"}};
}
const std::string& GoodCertificate() {
  return ForLocalhost().pair.certificate.text;
}
const std::string& GoodKey() {
  return ForLocalhost().pair.key.text;
}

std::string PairRefusalOf(const crypto::PemPair& pair) {
  return Thrown<crypto::PemError>([&] { const TlsContext context(pair); });
}

std::string Encrypted(const std::string& key) {
  const std::unique_ptr<BIO, int (*)(BIO*)> reader(
      BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> plain(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const std::unique_ptr<BIO, int (*)(BIO*)> writer(BIO_new(BIO_s_mem()), BIO_free);
  const std::string password = "hush";
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(writer.get(), plain.get(), EVP_aes_128_cbc(),
                                        password.data(), static_cast<int>(password.size()), nullptr,
                                        nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(writer.get(), &text);
  return {text, static_cast<size_t>(size)};
}

// The protocol that ALPN selected; nullopt: no connection.
std::optional<std::string> Negotiated(std::string_view offered) {
  const TlsContext context(ForLocalhost().pair);
  const auto server = context.Begin();
  TlsClient client(ForLocalhost().ca);
  SSL_set_alpn_protos(client.ssl(), reinterpret_cast<const unsigned char*>(offered.data()),
                      static_cast<unsigned>(offered.size()));
  std::string received;
  Exchange(client, *server, received);
  if (!client.is_connected()) return std::nullopt;
  const unsigned char* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &length);
  return std::string(reinterpret_cast<const char*>(chosen), length);
}

}  // namespace

TEST_CASE("the error of an unusable certificate or key has its name and advice") {
  const auto check_error = [](const crypto::PemPair& pair,
                              std::initializer_list<const char*> words) {
    const std::string error = PairRefusalOf(pair);
    for (const char* word : words) CHECK_MESSAGE(error.find(word) != std::string::npos, error);
  };
  check_error(Pair("", GoodKey()), {"CERT holds no certificate", "BEGIN CERTIFICATE"});
  check_error(Pair("rubbish", GoodKey()), {"CERT holds no certificate"});
  check_error(Pair(GoodKey(), GoodKey()), {"CERT holds no certificate"});
  check_error(Pair(GoodCertificate().substr(0, 200), GoodKey()), {"CERT holds no certificate"});
  check_error(Pair(GoodCertificate() + "-----BEGIN CERTIFICATE-----\n????\n", GoodKey()),
              {"CERT is damaged after its first"});
  check_error(Pair(GoodCertificate(), ""), {"KEY holds no private key", "BEGIN PRIVATE KEY"});
  check_error(Pair(GoodCertificate(), GoodCertificate()), {"KEY holds no private key"});
  check_error(Pair(GoodCertificate(), Encrypted(GoodKey())), {"KEY is encrypted", "openssl pkey"});
  check_error(Pair(GoodCertificate(), crypto::IssueCertificate({"localhost"}).pair.key.text),
              {"KEY does not fit CERT", "Give the key of this certificate"});
  CHECK(PairRefusalOf(Pair(GoodCertificate(), GoodKey())) == "taken");
  // Both in one file, as some tools write them, followed by the chain.
  const std::string both = GoodKey() + GoodCertificate() + ForLocalhost().ca;
  CHECK(PairRefusalOf(Pair(both, both)) == "taken");
}

TEST_CASE("no error shows a key") {
  for (const std::string& key : {GoodKey().substr(0, 100), Encrypted(GoodKey())})
    CHECK(PairRefusalOf(Pair(GoodCertificate(), key)).find(key.substr(40, 20)) ==
          std::string::npos);
}

TEST_CASE("the error of an unreadable file has its flag and name") {
  const TemporaryFolder folder;
  const auto refusal = [](const std::string& certificate, const std::string& key) {
    return Thrown<crypto::PemError>(
        [&] { const TlsContext context(crypto::ReadPemFiles(certificate, key)); });
  };
  const std::string certificate = folder / "cert.pem", key = folder / "key.pem";
  CHECK(
      refusal(certificate, key).starts_with("--tls-cert: " + certificate + " cannot be read: No"));
  std::ofstream(certificate) << GoodCertificate();
  CHECK(refusal(certificate, key).starts_with("--tls-key: " + key + " cannot be read: No"));
  CHECK(refusal(folder / "", key).starts_with("--tls-"));
  std::ofstream(key) << GoodKey();
  CHECK(refusal(certificate, key) == "taken");
  CHECK(refusal(certificate, folder / "").find("holds no private key") != std::string::npos);
}

TEST_CASE("ALPN selects HTTP/1.1, or nothing, or fails") {
  using namespace std::string_view_literals;
  CHECK(Negotiated("\x02h2\x08http/1.1"sv) == "http/1.1");
  CHECK(Negotiated("\x08http/1.1"sv) == "http/1.1");
  CHECK(Negotiated(""sv) == "");
  CHECK(Negotiated("\x02h2"sv) == std::nullopt);
}

TEST_CASE("TLS 1.2 and 1.3 are supported, older versions are not") {
  const TlsContext context(ForLocalhost().pair);
  for (const auto& [version, spoken] : {std::pair(TLS1_VERSION, false),
                                        {TLS1_1_VERSION, false},
                                        {TLS1_2_VERSION, true},
                                        {TLS1_3_VERSION, true}}) {
    const auto server = context.Begin();
    TlsClient client(ForLocalhost().ca);
    SSL_set_security_level(client.ssl(), 0);
    SSL_set_min_proto_version(client.ssl(), version);
    SSL_set_max_proto_version(client.ssl(), version);
    std::string received;
    Exchange(client, *server, received);
    CHECK(client.is_connected() == spoken);
    CHECK(server->is_over() != spoken);
  }
}

TEST_CASE("new clients get a reloaded certificate; a bad one changes nothing") {
  TlsContext context(ForLocalhost().pair);
  const auto early = context.Begin();
  const auto renewed = crypto::IssueCertificate({"localhost"});
  CHECK_THROWS_AS(context.Reload(Pair(renewed.pair.certificate.text, GoodKey())), crypto::PemError);
  const auto trusted = [](TlsSession& server, const std::string& ca) {
    TlsClient client(ca, "localhost");
    std::string received;
    Exchange(client, server, received);
    return client.is_connected();
  };
  CHECK(trusted(*context.Begin(), ForLocalhost().ca));
  context.Reload(renewed.pair);
  CHECK(trusted(*early, ForLocalhost().ca));
  CHECK(trusted(*context.Begin(), renewed.ca));
  CHECK_FALSE(trusted(*context.Begin(), ForLocalhost().ca));
}

TEST_CASE("concurrency: sessions begin and transfer data while the certificate is reloaded") {
  TlsContext context(ForLocalhost().pair);
  std::vector<std::thread> clients;
  std::atomic<int> connected{0};
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      for (int times = 0; times < 20; ++times) {
        const auto server = context.Begin();
        TlsClient client(ForLocalhost().ca, "localhost");
        std::string received;
        Exchange(client, *server, received);
        if (client.is_connected()) ++connected;
      }
    });
  for (int times = 0; times < 20; ++times) context.Reload(ForLocalhost().pair);
  for (std::thread& client : clients) client.join();
  CHECK(connected == 80);
}
