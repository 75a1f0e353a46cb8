// A TLS client on OpenSSL that works in memory, without a socket.
#pragma once

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/certificates.h"
#include "http/server/tls_session.h"

namespace emulator {

// Made once per test program: making a certificate is slow.
inline const crypto::IssuedCertificate& ForLocalhost() {
  static const crypto::IssuedCertificate kIssued = crypto::IssueCertificate({"localhost"});
  return kIssued;
}

class TlsClient {
 public:
  // Trusts only this CA (PEM). `host`: the required name or address of the server; empty: any.
  explicit TlsClient(const std::string& ca, const std::string& host = "")
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    const std::unique_ptr<BIO, int (*)(BIO*)> reader(
        BIO_new_mem_buf(ca.data(), static_cast<int>(ca.size())), BIO_free);
    X509* certificate = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr);
    REQUIRE(certificate);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), certificate);
    X509_free(certificate);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ssl_ = {SSL_new(context_.get()), SSL_free};
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
    if (host.empty()) return;
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1) {
      ERR_clear_error();
      REQUIRE(SSL_set1_host(ssl_.get(), host.c_str()) == 1);
    }
  }

  SSL* ssl() { return ssl_.get(); }
  bool is_connected() const { return SSL_is_init_finished(ssl_.get()); }
  // The result of certificate verification: X509_V_OK if the client trusts the server.
  long verdict() const { return SSL_get_verify_result(ssl_.get()); }

  // Takes bytes received from the server and appends the decrypted ones to plain().
  void Decrypt(std::string_view wire) {
    BIO_write(SSL_get_rbio(ssl_.get()), wire.data(), static_cast<int>(wire.size()));
    Read();
  }
  void Encrypt(std::string_view text) {
    REQUIRE(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) ==
            static_cast<int>(text.size()));
  }
  void Shutdown() { SSL_shutdown(ssl_.get()); }
  // Removes and returns the bytes to send to the server.
  std::string Outgoing() {
    Read();  // starts the handshake
    std::string wire(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (!wire.empty())
      BIO_read(SSL_get_wbio(ssl_.get()), wire.data(), static_cast<int>(wire.size()));
    return wire;
  }
  std::string& plain() { return plain_; }
  bool received_close_notify() const {
    return SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN;
  }

 private:
  void Read() {
    std::array<char, 16384> bytes;
    ERR_clear_error();
    for (int count = 0;
         (count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))) > 0;)
      plain_.append(bytes.data(), static_cast<size_t>(count));
    ERR_clear_error();
  }

  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  std::string plain_;
};

// Transfers bytes in both directions, `most` at a time, until both sides have nothing to send.
// Appends the bytes that the server decrypted to `received`.
inline void Exchange(TlsClient& client, http::server::TlsSession& server, std::string& received,
                     size_t most = std::string::npos) {
  const auto carry = [&](std::string wire, auto take) {
    for (std::string_view left = wire; !left.empty();
         left.remove_prefix(std::min(most, left.size())))
      take(left.substr(0, most));
    return !wire.empty();
  };
  bool more = true;
  while (more) {
    more = carry(client.Outgoing(), [&](std::string_view wire) { server.Decrypt(wire, received); });
    more |= carry(std::exchange(server.outgoing(), ""),
                  [&](std::string_view wire) { client.Decrypt(wire); });
  }
}

}  // namespace emulator
