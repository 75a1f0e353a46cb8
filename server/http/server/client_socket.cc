#include "http/server/client_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace emulator::http::server {

namespace {

constexpr size_t kReceiveBytes = 16 * 1024;
constexpr size_t kEncryptBytes = 64 * 1024;  // at a time

// How long a thread waits for the next request of a client: longer than a busy client needs, which
// saves it four system calls and a change of threads.
constexpr timeval kLinger{.tv_sec = 0, .tv_usec = 50'000};

// Calls recv and classifies the result.
ClientSocket::Received ReceiveInto(int descriptor, std::array<char, kReceiveBytes>& bytes,
                                   int flags, size_t& count) {
  while (true) {
    const ssize_t received = ::recv(descriptor, bytes.data(), bytes.size(), flags);
    if (received > 0) {
      count = static_cast<size_t>(received);
      return ClientSocket::Received::kBytes;
    }
    if (received == 0) return ClientSocket::Received::kClosed;
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == EWOULDBLOCK ? ClientSocket::Received::kNothingYet
                                                   : ClientSocket::Received::kClosed;
  }
}

// Never waits. Returns how many bytes were sent; nullopt if the client has closed the connection.
std::optional<size_t> SendTo(int descriptor, std::string_view bytes) {
  size_t count = 0;
  while (count < bytes.size()) {
    const ssize_t sent =
        ::send(descriptor, bytes.data() + count, bytes.size() - count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent <= 0) return std::nullopt;
    count += static_cast<size_t>(sent);
  }
  return count;
}

}  // namespace

void ClientSocket::SetInherited(int listening) {
  const int on = 1;
  ::setsockopt(listening, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &kLinger, sizeof kLinger);
}

ClientSocket::~ClientSocket() {
  if (!will_reset_) SendCloseNotify();
  ::close(descriptor_);
}

ClientSocket::Received ClientSocket::Receive(bool may_linger) {
  if (session_ && session_->is_over()) return Received::kClosed;
  if (HasUnsent() && !Flush()) return Received::kClosed;
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  const Received received = ReceiveInto(descriptor_, bytes, may_linger ? 0 : MSG_DONTWAIT, count);
  if (received != Received::kBytes) return received;
  const std::string_view wire(bytes.data(), count);
  if (!tls_ || !BeginTls(wire)) {
    buffer_.append(wire);
    return received;
  }
  session_->Decrypt(wire, buffer_);
  return Flush() ? received : Received::kClosed;
}

bool ClientSocket::BeginTls(std::string_view wire) {
  if (session_) return true;
  // A TLS record begins with a type that is not a letter, HTTP with a letter of the method.
  const char first = static_cast<char>(wire.front() | 0x20);
  is_plain_by_mistake_ = first >= 'a' && first <= 'z';
  if (is_plain_by_mistake_)
    tls_ = nullptr;
  else
    session_ = tls_->Begin();
  return session_ != nullptr;
}

bool ClientSocket::Discard() {
  if (HasUnsent() && !Flush()) return false;
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  // Not everything if much arrives: other connections wait, too.
  auto received = Received::kBytes;
  for (int burst = 0; burst < 16 && received == Received::kBytes; ++burst)
    received = ReceiveInto(descriptor_, bytes, MSG_DONTWAIT, count);
  return received != Received::kClosed;
}

void ClientSocket::Consume(size_t count) {
  start_ += count;
  if (start_ < buffer_.size()) {
    // With many pipelined requests, move the rest to the front only now and then.
    if (start_ > kReceiveBytes) {
      buffer_.erase(0, start_);
      start_ = 0;
    }
    return;
  }
  buffer_.clear();
  start_ = 0;
  // An idle connection does not keep the memory of a large body.
  if (buffer_.capacity() > kReceiveBytes) buffer_.shrink_to_fit();
}

std::optional<size_t> ClientSocket::Send(std::string_view bytes) {
  return session_ ? SendByTls(bytes) : SendTo(descriptor_, bytes);
}

// Encrypted bytes cannot be taken back, so a piece counts as sent only when all of it is sent.
std::optional<size_t> ClientSocket::SendByTls(std::string_view bytes) {
  size_t count = 0;
  while (true) {
    if (!Flush()) return std::nullopt;
    if (HasUnsent()) return count;
    count += std::exchange(encrypted_, 0);
    if (count >= bytes.size()) return count;
    const auto piece = bytes.substr(count, kEncryptBytes);
    if (!session_->Encrypt(piece)) return std::nullopt;
    encrypted_ = piece.size();
  }
}

bool ClientSocket::Flush() {
  std::string& outgoing = session_->outgoing();
  const auto sent = SendTo(descriptor_, outgoing);
  if (!sent) return false;
  if (*sent < outgoing.size()) {
    outgoing.erase(0, *sent);
    return true;
  }
  outgoing = {};
  if (is_finishing_) ::shutdown(descriptor_, SHUT_WR);
  return true;
}

bool ClientSocket::HasUnread() const {
  int unread = 0;
  return !bytes().empty() || (::ioctl(descriptor_, FIONREAD, &unread) == 0 && unread > 0);
}

void ClientSocket::SendCloseNotify() {
  if (!session_) return;
  session_->Shutdown();
  (void)Flush();  // a closed connection is noticed by the next read
}
void ClientSocket::FinishSending() {
  SendCloseNotify();
  is_finishing_ = HasUnsent();
  if (!is_finishing_) ::shutdown(descriptor_, SHUT_WR);
}
void ClientSocket::ResetAtClose() {
  will_reset_ = true;
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}
void ClientSocket::StopReceiving() {
  ::shutdown(descriptor_, SHUT_RD);
}

}  // namespace emulator::http::server
