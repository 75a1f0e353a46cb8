// The sockets that wait for clients.
// Threads: made by one, then only read.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace emulator::http::server {

// The address cannot be listened on; what() is a sentence with the way out.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
// It is because another program listens there already.
class PortTakenError : public ListenError {
 public:
  using ListenError::ListenError;
};

// What is spoken at a port.
enum class Scheme { kHttp, kHttps };

// Listening sockets on one port of every address that a host name stands for.
class Listener {
 public:
  // `host`: an address or a name; "localhost" is both loopbacks, whatever the hosts file says, for
  // clients resolve it to either. An address family that this machine lacks is passed over.
  // `port`: 0 takes a free one, the same for all addresses. Throws ListenError, PortTakenError.
  Listener(const std::string& host, int port, Scheme scheme = Scheme::kHttp);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const std::vector<int>& sockets() const { return sockets_; }
  int port() const { return port_; }

  // True when only programs on this machine can connect.
  bool IsLoopback() const { return is_loopback_; }

  // "http://localhost:8080": an address that a client on this machine can connect to.
  std::string url() const;

  void Close();

 private:
  const std::string host_;
  const Scheme scheme_;
  int port_ = 0;
  bool is_loopback_ = true;
  std::vector<int> sockets_;
};

// "http://[::1]:8080" for "::1". A host that stands for every address is reached by its loopback.
std::string UrlOf(const std::string& host, int port, Scheme scheme = Scheme::kHttp);

}  // namespace emulator::http::server
