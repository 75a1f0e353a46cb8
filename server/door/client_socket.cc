#include "door/client_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace emulator {

namespace {

constexpr size_t kReceiveBytes = 16 * 1024;

// How long a thread waits for the next request of a client: longer than one takes that asks again
// at once, for whom this saves four system calls and a change of threads.
constexpr timeval kLinger{.tv_sec = 0, .tv_usec = 50'000};

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

void ClientSocket::SetInherited(int listening) {
  const int on = 1;
  ::setsockopt(listening, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &kLinger, sizeof kLinger);
}

ClientSocket::~ClientSocket() {
  ::close(descriptor_);
}

ClientSocket::Received ClientSocket::Receive(bool may_linger) {
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  const Received received = ReceiveInto(descriptor_, bytes, may_linger ? 0 : MSG_DONTWAIT, count);
  if (received == Received::kBytes) buffer_.append(bytes.data(), count);
  return received;
}

bool ClientSocket::Discard() {
  std::array<char, kReceiveBytes> bytes;
  size_t count = 0;
  // Not all of it, where much comes: others wait, too.
  auto received = Received::kBytes;
  for (int burst = 0; burst < 16 && received == Received::kBytes; ++burst)
    received = ReceiveInto(descriptor_, bytes, MSG_DONTWAIT, count);
  return received != Received::kClosed;
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

std::optional<size_t> ClientSocket::Send(std::string_view bytes) {
  size_t count = 0;
  while (count < bytes.size()) {
    const ssize_t sent = ::send(descriptor_, bytes.data() + count, bytes.size() - count,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent <= 0) return std::nullopt;
    count += static_cast<size_t>(sent);
  }
  return count;
}

bool ClientSocket::HasUnread() const {
  int unread = 0;
  return !bytes().empty() || (::ioctl(descriptor_, FIONREAD, &unread) == 0 && unread > 0);
}

void ClientSocket::FinishSending() {
  ::shutdown(descriptor_, SHUT_WR);
}
void ClientSocket::ResetAtClose() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}
void ClientSocket::StopReceiving() {
  ::shutdown(descriptor_, SHUT_RD);
}

}  // namespace emulator
