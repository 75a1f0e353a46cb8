// Fuzzes the HTTP server with sockets, epoll and threads: sends the input as a client. The response
// must equal, byte for byte, the one that a few lines compute without them.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "api/errors.h"
#include "api/reasons.h"
#include "base/digest.h"
#include "fuzz.h"
#include "http/server/http_server.h"
#include "http/server/paced_response.h"
#include "http/server/response_serializer.h"

namespace emulator {
namespace {

// Small, so that small inputs reach them. Time-outs are the default ones: a hanging client is
// noticed.
constexpr http::server::HttpServer::Limits kLimits{
    .read = {.request_line = 256,
             .header_block = 512,
             .header_fields = 10,
             .body = [](const http::Request&) -> size_t { return 256; }}};

// Most responses are sent immediately; some are delayed, slow or broken.
http::Delivery DeliveryFor(const http::Request& request) {
  using std::chrono::milliseconds;
  const uint32_t choice = HashOf(request.target + request.method) % 64;
  if (choice >= 8) return {};
  return {.delay = milliseconds(choice % 2),
          .body_time = milliseconds(choice % 3),
          .connection_fault = static_cast<http::ConnectionFault>(choice > 4 ? 0 : choice)};
}

// The body identifies the request by a hash, so that no client controls its bytes.
http::Response Echo(const http::Request& request) {
  std::string text = request.method + " " + request.target + "\n";
  for (const http::Header& header : request.headers)
    text += header.name + ": " + header.value + "\n";
  return {.headers = {{"Content-Type", "text/plain"}},
          .body = ShortHash(text + "\n" + request.body) + "\n",
          .delivery = DeliveryFor(request)};
}
http::Response RefuseUnread(http::server::RequestParseError defect) {
  return {.status = 400, .body = std::string(api::ReasonFor(defect).code)};
}

struct Expected {
  std::string answers;
  bool reset = false;  // at the end: responses may then be lost
};

Expected Expect(std::string_view bytes) {
  static http::server::ResponseSerializer serializer;
  http::server::RequestParser parser(kLimits.read);
  const auto serialize = [&](http::Response response, bool close) {
    return serializer.Serialize(std::move(response), {.head = parser.request().method == "HEAD",
                                                      .close = close,
                                                      .http10 = !close && parser.is_http10()});
  };
  Expected expected;
  while (true) {
    switch (parser.Parse(bytes)) {
      case http::server::RequestParser::State::kNeedMore:
        return expected;
      case http::server::RequestParser::State::kRefused:
        expected.answers += serialize(RefuseUnread(parser.error()), true);
        return expected;
      case http::server::RequestParser::State::kComplete:
        http::Response echo = Echo(parser.request());
        const http::Delivery delivery = echo.delivery;
        const auto end = parser.keep_alive() ? http::server::PacedResponse::End::kKeep
                                             : http::server::PacedResponse::End::kClose;
        const http::server::PacedResponse response(serialize(std::move(echo), !parser.keep_alive()),
                                                   delivery, end, RealTime());
        expected.answers += response.Due(RealTime::max());
        expected.reset = response.end() == http::server::PacedResponse::End::kReset;
        if (response.end() != http::server::PacedResponse::End::kKeep) return expected;
        bytes.remove_prefix(parser.consumed());
        parser.Reset();
    }
  }
}

struct RunningServer {
  RunningServer() { server.Start(); }
  http::server::Listener listener{"127.0.0.1", 0};
  http::server::HttpServer server{{{listener}}, kLimits, Echo, RefuseUnread};
};

class Wire {
 public:
  explicit Wire(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Closes with RST: thousands of connections a second would otherwise use up the ports.
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    const timeval timeout{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    // libFuzzer's alarm interrupts connect(), which then continues in the background.
    int failed = 0;
    do {
      failed = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    } while (failed && (errno == EINTR || errno == EALREADY));
    Require(!failed || errno == EISCONN, "the server accepts a client");
  }
  ~Wire() { ::close(socket_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Stops if the server has closed the connection.
  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void FinishSending() { ::shutdown(socket_, SHUT_WR); }

  // Receives until the server closes the connection.
  std::string Receive() {
    std::string all;
    std::array<char, 16384> bytes;
    ssize_t received = 0;
    // libFuzzer's alarm interrupts recv().
    while ((received = ::recv(socket_, bytes.data(), bytes.size(), 0)) > 0 ||
           (received < 0 && errno == EINTR))
      if (received > 0) all.append(bytes.data(), static_cast<size_t>(received));
    Require(received == 0 || errno == ECONNRESET, "the server closes every connection", all);
    return all;
  }

 private:
  int socket_;
};

// Whether `100 Continue` is sent depends on how the bytes arrive.
std::string WithoutContinue(std::string answers) {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  for (size_t at = 0; (at = answers.find(kContinue)) != std::string::npos;)
    answers.erase(at, kContinue.size());
  return answers;
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  static RunningServer& running =
      *new RunningServer;  // never destroyed: its threads may outlive main
  const std::string_view bytes = Bytes(data, size);
  const size_t cut = size == 0 ? 0 : HashOf(bytes) % size;
  Wire client(running.listener.port());
  client.Send(bytes.substr(0, cut));
  client.Send(bytes.substr(cut));
  client.FinishSending();
  const std::string answers = WithoutContinue(client.Receive());
  const Expected expected = Expect(bytes);
  Require(answers == expected.answers || (expected.reset && expected.answers.starts_with(answers)),
          "the client receives the expected responses",
          "got:\n" + answers + "\nexpected:\n" + expected.answers);
  return 0;
}
