#include "http/server/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <new>

namespace emulator::http::server {

namespace {

constexpr size_t kRecordBytes = 16 * 1024;  // the most that a record can contain

}  // namespace

// Gives OpenSSL the session's bytes as input and output. OpenSSL's own memory BIOs would keep a
// buffer each, also for an idle connection.
struct TlsSession::Wire {
  static int Read(BIO* bio, char* to, int size) {
    auto& session = *static_cast<TlsSession*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const size_t count = std::min(session.incoming_.size(), static_cast<size_t>(size));
    if (count == 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    session.incoming_.copy(to, count);
    session.incoming_.remove_prefix(count);
    return static_cast<int>(count);
  }
  static int Write(BIO* bio, const char* from, int size) {
    static_cast<TlsSession*>(BIO_get_data(bio))->outgoing_.append(from, static_cast<size_t>(size));
    return size;
  }
  static long Control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH; }

  static const BIO_METHOD* Method() {
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
      BIO_meth_set_read(method, Read);
      BIO_meth_set_write(method, Write);
      BIO_meth_set_ctrl(method, Control);
      return method;
    }();
    return kMethod;
  }
};

void TlsSession::Deleter::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

TlsSession::TlsSession(ssl_st* ssl) : ssl_(ssl) {
  BIO* wire = BIO_new(Wire::Method());
  if (!wire) throw std::bad_alloc();
  BIO_set_data(wire, this);
  BIO_set_init(wire, 1);
  SSL_set_bio(ssl, wire, wire);
  SSL_set_accept_state(ssl);
}

TlsSession::~TlsSession() = default;

void TlsSession::Decrypt(std::string_view wire, std::string& plain) {
  incoming_ = wire;
  std::array<char, kRecordBytes> record;
  // Read everything: there is no event for bytes that OpenSSL would keep.
  while (!is_over_) {
    ERR_clear_error();
    const bool in_handshake = !SSL_is_init_finished(ssl_.get());  // an error resets it
    const int count = SSL_read(ssl_.get(), record.data(), record.size());
    if (count > 0) {
      plain.append(record.data(), static_cast<size_t>(count));
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), count);
    if (error == SSL_ERROR_WANT_READ) break;
    is_over_ = true;
    is_broken_ = error != SSL_ERROR_ZERO_RETURN;
    has_failed_handshake_ = in_handshake;
  }
  ERR_clear_error();
  incoming_ = {};
}

bool TlsSession::Encrypt(std::string_view plain) {
  if (is_broken_ || !SSL_is_init_finished(ssl_.get())) return false;
  if (plain.empty()) return true;
  ERR_clear_error();
  // Wire accepts any number of bytes, so SSL_write writes all.
  is_broken_ = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size())) <= 0;
  ERR_clear_error();
  return !is_broken_;
}

void TlsSession::Shutdown() {
  if (is_broken_ || !SSL_is_init_finished(ssl_.get())) return;
  SSL_shutdown(ssl_.get());  // sends close_notify once
  ERR_clear_error();
}

bool TlsSession::HasPartialInput() const {
  return !SSL_is_init_finished(ssl_.get()) || SSL_has_pending(ssl_.get());
}

}  // namespace emulator::http::server
