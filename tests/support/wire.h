// A client that sends and receives raw bytes on a socket. Every wait ends after ten seconds.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace emulator {

class Wire {
 public:
  explicit Wire(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval ten_seconds{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &ten_seconds, sizeof ten_seconds);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &ten_seconds, sizeof ten_seconds);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Wire() {
    if (socket_ >= 0) ::close(socket_);
  }
  Wire(Wire&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), bytes_(std::move(other.bytes_)) {}
  Wire& operator=(Wire&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Sends the bytes; stops if the server has closed the connection.
  Wire& Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return *this;
  }

  Wire& FinishSending() {
    ::shutdown(socket_, SHUT_WR);
    return *this;
  }

  // Reads one response: its head, and its body by Content-Length. Keeps the bytes that follow.
  std::string ReadAnswer(bool head_only = false) {
    size_t end = std::string::npos;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos)
      if (!Fill()) return std::exchange(bytes_, "");
    end += 4;
    const size_t at = bytes_.find("Content-Length: ");
    const size_t length = at < end && !head_only ? std::stoul(bytes_.substr(at + 16)) : 0;
    while (bytes_.size() < end + length)
      if (!Fill()) break;
    const std::string answer = bytes_.substr(0, end + length);
    bytes_.erase(0, answer.size());
    return answer;
  }

  // Reads until the server closes the connection.
  std::string ReadAll() {
    while (Fill()) {
    }
    return std::exchange(bytes_, "");
  }

  // True if the server closes without another byte.
  bool IsClosed() { return ReadAll().empty() && closed_; }
  // True if the server resets the connection without another byte.
  bool IsReset() { return ReadAll().empty() && reset_; }

  // Reads the next bytes. Empty: the server closed.
  std::string ReadSome() {
    if (bytes_.empty()) Fill();
    return std::exchange(bytes_, "");
  }

  // Closes the connection with RST.
  void Reset() {
    const linger none{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(std::exchange(socket_, -1));
  }

 private:
  bool Fill() {
    std::array<char, 65536> bytes{};
    const ssize_t received = ::recv(socket_, bytes.data(), bytes.size(), 0);
    closed_ = received == 0;
    reset_ = received < 0 && errno == ECONNRESET;
    if (received > 0) bytes_.append(bytes.data(), static_cast<size_t>(received));
    return received > 0;
  }

  int socket_;
  std::string bytes_;
  bool closed_ = false;
  bool reset_ = false;
};

inline int StatusOf(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}
inline std::string BodyOf(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace emulator
