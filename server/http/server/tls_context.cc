#include "http/server/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <new>

#include "crypto/openssl_ptr.h"

namespace emulator::http::server {

namespace {

// In ALPN's form: the length, then the name (RFC 7301).
constexpr std::string_view kHttp11 = "\x08http/1.1";

crypto::OpensslPtr<BIO> OpenPem(const crypto::Pem& pem) {
  crypto::OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
  if (!bio) throw std::bad_alloc();
  return bio;
}

// OpenSSL's reason for the last error.
std::string Reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "OpenSSL gives no reason";
}

void UseCertificates(SSL_CTX* context, const crypto::Pem& pem) {
  const crypto::OpensslPtr<BIO> reader = OpenPem(pem);
  crypto::OpensslPtr<X509> certificate(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
  if (!certificate)
    throw crypto::PemError(
        pem.name +
        " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----). Name a file "
        "that does: the server's certificate first, then those of the intermediate CAs.");
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1)
    throw crypto::PemError(pem.name + " cannot be served: " + Reason() +
                           ". Use a newer certificate with a stronger key.");
  while (true) {
    ERR_clear_error();
    crypto::OpensslPtr<X509> more(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
    if (!more) break;
    if (SSL_CTX_add0_chain_cert(context, more.get()) != 1)
      throw crypto::PemError(pem.name + " cannot be served: " + Reason() +
                             " in a certificate after the first. Remove it.");
    (void)more.release();  // the context owns it
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
    throw crypto::PemError(pem.name + " is damaged after its first certificate: " + Reason() +
                           ". Copy the file again.");
}

void UseKey(SSL_CTX* context, const crypto::PemPair& pair) {
  const crypto::OpensslPtr<BIO> reader = OpenPem(pair.key);
  bool is_encrypted = false;
  const auto no_password = [](char*, int, int, void* was_called) {
    *static_cast<bool*>(was_called) = true;
    return -1;
  };
  const crypto::OpensslPtr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, &is_encrypted));
  if (is_encrypted)
    throw crypto::PemError(
        pair.key.name +
        " is encrypted, and there is no way to enter its password. Decrypt it: openssl "
        "pkey -in FILE -out DECRYPTED.");
  if (!key)
    throw crypto::PemError(
        pair.key.name +
        " holds no private key in PEM form (-----BEGIN PRIVATE KEY-----). Name a file "
        "that does.");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    throw crypto::PemError(pair.key.name + " does not fit " + pair.certificate.name + ": " +
                           Reason() + ". Give the key of this certificate.");
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* length,
                   const unsigned char* offered, unsigned int size, void*) {
  unsigned char* selected = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kHttp11.data());
  if (SSL_select_next_proto(&selected, length, ours, kHttp11.size(), offered, size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<SSL_CTX> MakeContext(const crypto::PemPair& pair) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // idle connections need none
  // Clients store sessions themselves, as tickets.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 1);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  ERR_clear_error();
  UseCertificates(context.get(), pair.certificate);
  UseKey(context.get(), pair);
  ERR_clear_error();
  return context;
}

}  // namespace

TlsContext::TlsContext(const crypto::PemPair& pair) : context_(MakeContext(pair)) {}

void TlsContext::Reload(const crypto::PemPair& pair) {
  auto renewed = MakeContext(pair);
  const std::lock_guard lock(mutex_);
  context_.swap(renewed);
}

std::unique_ptr<TlsSession> TlsContext::Begin() const {
  const std::lock_guard lock(mutex_);
  SSL* const ssl = SSL_new(context_.get());
  if (!ssl) throw std::bad_alloc();
  return std::make_unique<TlsSession>(ssl);
}

}  // namespace emulator::http::server
