#include "crypto/certificates.h"

#include "http/server/tls_context.h"
#include "support/tls_client.h"

using namespace emulator;
using namespace emulator::crypto;

namespace {

// Whether a client that trusts `ca` connects to a server with that certificate, by that name.
bool Connects(const PemPair& pair, const std::string& ca, const std::string& host) {
  const http::server::TlsContext context(pair);
  const auto server = context.Begin();
  TlsClient client(ca, host);
  std::string received;
  Exchange(client, *server, received);
  CHECK(client.is_connected() == (client.verdict() == X509_V_OK));
  return client.is_connected();
}

}  // namespace

TEST_CASE("a strict client that trusts the CA connects by each of the names, and by no other") {
  const auto issued =
      IssueCertificate({"localhost", "127.0.0.1", "::1", "api.bentley.com", "*.emulator.test"});
  for (const char* host : {"localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1", "api.bentley.com",
                           "API.Bentley.com", "a.emulator.test"}) {
    INFO(host);
    CHECK(Connects(issued.pair, issued.ca, host));
  }
  for (const char* host : {"bentley.com", "127.0.0.2", "::2", "a.b.emulator.test", "localhos"}) {
    INFO(host);
    CHECK_FALSE(Connects(issued.pair, issued.ca, host));
  }
}

TEST_CASE("a CA does not vouch for the certificate of another one") {
  const auto one = IssueCertificate({"localhost"});
  const auto other = IssueCertificate({"localhost"});
  CHECK(one.ca != other.ca);
  CHECK_FALSE(Connects(one.pair, other.ca, "localhost"));
}

TEST_CASE("the CA is a certificate without a key") {
  const auto issued = IssueCertificate({"localhost"});
  CHECK(issued.ca.starts_with("-----BEGIN CERTIFICATE-----\n"));
  CHECK(issued.ca.find("KEY") == std::string::npos);
}

TEST_CASE("a certificate is valid from an hour ago, for less than 398 days") {
  const auto issued = IssueCertificate({"localhost"});
  for (const std::string& text : {issued.ca, issued.pair.certificate.text}) {
    const std::unique_ptr<BIO, int (*)(BIO*)> reader(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr), X509_free);
    int days = 0, seconds = 0;
    const auto* from = X509_get0_notBefore(certificate.get());
    REQUIRE(ASN1_TIME_diff(&days, &seconds, from, X509_get0_notAfter(certificate.get())) == 1);
    CHECK(days == 397);
    REQUIRE(ASN1_TIME_diff(&days, &seconds, from, nullptr) == 1);
    CHECK(days == 0);
    CHECK(seconds >= 3600);
    CHECK(seconds < 7200);
  }
}

TEST_CASE("the names that a certificate can have") {
  for (const char* name : {"localhost", "api.bentley.com", "*.bentley.com", "my_host", "127.0.0.1",
                           "::1", "fe80::1", "a-b.c"})
    CHECK_MESSAGE(IsCertificateName(name), name);
  for (const char* name : {"", ".", "*", "*.", "a..b", ".a", "a.", "a b", "a,IP:1.2.3.4", "[::1]",
                           "http://a", "a:1", "\xc3\xa4.de", "a.*.b"})
    CHECK_FALSE_MESSAGE(IsCertificateName(name), name);
  CHECK_FALSE(IsCertificateName(std::string(254, 'a')));
}
