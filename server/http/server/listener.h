// The listening sockets.
// Threads: created by one thread, then only read.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace emulator::http::server {

// The address cannot be used. what() says why and what to do.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
// Another program listens on the port.
class PortTakenError : public ListenError {
 public:
  using ListenError::ListenError;
};

// The scheme of a port's URL.
enum class Scheme { kHttp, kHttps };

// Listening sockets on one port of all addresses of a host name.
class Listener {
 public:
  // `host`: an address or a name. "localhost" means both loopback addresses, whatever the hosts
  // file contains, because clients resolve it to either. Skips an address family that this machine
  // lacks. `port`: 0 chooses a free one, the same for all addresses. Throws ListenError,
  // PortTakenError.
  Listener(const std::string& host, int port, Scheme scheme = Scheme::kHttp);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const std::vector<int>& sockets() const { return sockets_; }
  int port() const { return port_; }

  // True if only programs on this machine can connect.
  bool IsLoopback() const { return is_loopback_; }

  // "http://localhost:8080": a URL that clients on this machine can use.
  std::string url() const;

  void Close();

 private:
  const std::string host_;
  const Scheme scheme_;
  int port_ = 0;
  bool is_loopback_ = true;
  std::vector<int> sockets_;
};

// "http://[::1]:8080" for "::1". A host that means all addresses becomes the loopback address.
std::string UrlOf(const std::string& host, int port, Scheme scheme = Scheme::kHttp);

}  // namespace emulator::http::server
