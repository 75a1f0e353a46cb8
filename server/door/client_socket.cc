#include "door/client_socket.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace emulator {

namespace {

constexpr size_t kReceiveBytes = 16 * 1024;

timeval ToTimeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
}

// recv, with the outcome told apart.
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

}  // namespace

ClientSocket::ClientSocket(int descriptor, std::chrono::milliseconds linger,
                           std::chrono::milliseconds patience)
    : descriptor_(descriptor) {
  const timeval receive = ToTimeval(linger);
  const timeval send = ToTimeval(patience);
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send);
}

ClientSocket::~ClientSocket() {
  ::close(descriptor_);
}

ClientSocket::Received ClientSocket::Receive(bool may_wait) {
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  const Received received = ReceiveInto(descriptor_, bytes, may_wait ? 0 : MSG_DONTWAIT, count);
  if (received == Received::kBytes) buffer_.append(bytes.data(), count);
  return received;
}

ClientSocket::Received ClientSocket::Discard() {
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  return ReceiveInto(descriptor_, bytes, MSG_DONTWAIT, count);
}

void ClientSocket::Consume(size_t count) {
  start_ += count;
  if (start_ < buffer_.size()) {
    // Many pipelined requests: move the rest to the front now and then only.
    if (start_ > kReceiveBytes) {
      buffer_.erase(0, start_);
      start_ = 0;
    }
    return;
  }
  buffer_.clear();
  start_ = 0;
  // An idle connection keeps no large body's memory.
  if (buffer_.capacity() > kReceiveBytes) buffer_.shrink_to_fit();
}

bool ClientSocket::Send(std::string_view bytes, RealTime deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
    if (!bytes.empty() && RealNow() > deadline) return false;
  }
  return true;
}

void ClientSocket::FinishSending() {
  ::shutdown(descriptor_, SHUT_WR);
}
void ClientSocket::StopReceiving() {
  ::shutdown(descriptor_, SHUT_RD);
}
void ClientSocket::Break() {
  ::shutdown(descriptor_, SHUT_RDWR);
}

}  // namespace emulator
