#include "http/server/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "http/server/client_socket.h"

namespace emulator::http::server {

namespace {

constexpr int kBacklog = 1024;
constexpr int kFreePortTries = 20;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const { return storage.ss_family; }
  bool operator==(const SocketAddress& other) const {
    return size == other.size && std::memcmp(&storage, &other.storage, size) == 0;
  }
};

std::vector<SocketAddress> Resolve(const std::string& host) {
  if (host == "localhost") {
    auto both = Resolve("127.0.0.1");
    const auto six = Resolve("::1");
    both.insert(both.end(), six.begin(), six.end());
    return both;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0)
    throw ListenError("cannot listen on \"" + host + "\": " + ::gai_strerror(error) +
                      ". Give --host an address of this machine, such as localhost or 0.0.0.0.");
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* info = found; info; info = info->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
    address.size = info->ai_addrlen;
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(address);
  }
  return addresses;
}

in_port_t& PortField(sockaddr_storage& storage) {
  return storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                                       : reinterpret_cast<sockaddr_in&>(storage).sin_port;
}

// Returns the socket, or the negative error number.
int TryListen(SocketAddress address, int port) {
  PortField(address.storage) = htons(static_cast<in_port_t>(port));
  const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -errno;
  const int on = 1;
  // SO_REUSEADDR allows a restart at once. SO_REUSEPORT, which cpp-httplib would set, would let two
  // servers share a port.
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ClientSocket::SetInherited(socket);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0 &&
      ::listen(socket, kBacklog) == 0)
    return socket;
  const int error = errno;
  ::close(socket);
  return -error;
}

int PortOf(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
  return ntohs(PortField(storage));
}

bool IsLoopbackAddress(const SocketAddress& address) {
  if (address.family() == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr);
  const auto& four = reinterpret_cast<const sockaddr_in&>(address.storage);
  return ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

bool IsMissingFamily(int error) {
  return error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
}

}  // namespace

Listener::Listener(const std::string& host, int port, Scheme scheme)
    : host_(host), scheme_(scheme) {
  for (int tries = 1;; ++tries) {
    int error = 0;
    port_ = port;
    // The first socket finds a free port for all; another address may not have it free.
    const auto addresses = Resolve(host);
    for (size_t i = 0; i < addresses.size() && error == 0; ++i) {
      const int socket = TryListen(addresses[i], port_);
      if (socket >= 0) {
        sockets_.push_back(socket);
        port_ = PortOf(socket);
        is_loopback_ = is_loopback_ && IsLoopbackAddress(addresses[i]);
      } else if (!IsMissingFamily(-socket) || (i + 1 == addresses.size() && sockets_.empty())) {
        error = -socket;
      }
    }
    if (error == 0) return;
    Close();
    if (port == 0 && error == EADDRINUSE && tries < kFreePortTries) continue;

    const std::string what =
        "cannot listen on " + UrlOf(host, port, scheme) + ": " + std::strerror(error);
    const std::string flag = scheme == Scheme::kHttps ? "--tls-port" : "--port";
    if (error == EADDRINUSE)
      throw PortTakenError(what + ". Stop the program that listens there, or choose another " +
                           flag + "; 0 takes a free one.");
    throw ListenError(what + ". Give --host an address of this machine and " + flag +
                      " one you may use.");
  }
}

Listener::~Listener() {
  Close();
}

void Listener::Close() {
  for (const int socket : sockets_) ::close(socket);
  sockets_.clear();
}

std::string Listener::url() const {
  return UrlOf(host_, port_, scheme_);
}

std::string UrlOf(const std::string& host, int port, Scheme scheme) {
  std::string name = host;
  if (host == "0.0.0.0") name = "127.0.0.1";
  if (host == "::") name = "::1";
  if (name.find(':') != std::string::npos) name = "[" + name + "]";
  return (scheme == Scheme::kHttps ? "https://" : "http://") + name + ":" + std::to_string(port);
}

}  // namespace emulator::http::server
