#include "http/server/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "base/real_time.h"
#include "http/server/connection_poller.h"
#include "http/server/http_connection.h"
#include "http/server/response_sender.h"
#include "http/server/worker_pool.h"

namespace emulator::http::server {

namespace {

using std::chrono::milliseconds;

std::vector<int> SocketsOf(const std::vector<HttpServer::Endpoint>& endpoints) {
  std::vector<int> sockets;
  for (const auto& endpoint : endpoints)
    for (const int socket : endpoint.listener.sockets()) sockets.push_back(socket);
  return sockets;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(std::vector<Endpoint> endpoints, const Limits& limits, Handler handler,
       ErrorHandler error_handler)
      : endpoints_(std::move(endpoints)),
        limits_(limits),
        poller_(SocketsOf(endpoints_)),
        sender_(poller_, limits.send, std::move(handler), std::move(error_handler)),
        pool_(limits.threads) {}

  ~Impl() { Stop(milliseconds(0)); }

  void Start() {
    event_loop_ = std::thread([this] { RunEventLoop(); });
  }
  bool Stop(milliseconds grace);

 private:
  using Stage = HttpConnection::Stage;

  // On the event loop's thread: accepts connections, and does work that cannot block and needs no
  // handler.
  void RunEventLoop();
  const TlsContext* TlsAt(int listening) const;
  void Accept(int listening);
  void OnReady(HttpConnection& connection, ConnectionPoller::WakeReason reason);
  void ShutDown(HttpConnection& connection);  // while stopping

  // On a thread of the pool: serves a connection until it waits or is closed.
  void Serve(HttpConnection& connection);
  ClientSocket::Received Receive(HttpConnection& connection, bool idle);

  // On either. Afterwards another thread may serve the connection.
  void Continue(HttpConnection& connection);  // after a response that was sent outside of Serve
  void Wait(HttpConnection& connection, ConnectionPoller::Interest interest, RealTime until);

  const std::vector<Endpoint> endpoints_;
  const Limits limits_;
  ConnectionPoller poller_;
  ResponseSender sender_;
  std::thread event_loop_;
  std::atomic<bool> stopping_{false};
  std::atomic<size_t> lingering_{0};  // threads that wait for the next request of a client
  WorkerPool pool_;                   // last: its threads use all members above
};

void HttpServer::Impl::RunEventLoop() {
  ConnectionPoller::PollResult result;
  while (!stopping_) {
    poller_.Poll(result);
    for (const int listening : result.acceptable) Accept(listening);
    for (const auto& [connection, reason] : result.woken) OnReady(connection, reason);
  }
}

const TlsContext* HttpServer::Impl::TlsAt(int listening) const {
  for (const Endpoint& endpoint : endpoints_)
    for (const int socket : endpoint.listener.sockets())
      if (socket == listening) return endpoint.tls;
  return nullptr;
}

void HttpServer::Impl::Accept(int listening) {
  const TlsContext* const tls = TlsAt(listening);
  for (int burst = 0; burst < 64; ++burst) {
    const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) {
      // No free descriptor: the connection stays in the backlog. The pause keeps this thread from
      // polling without rest.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        std::this_thread::sleep_for(milliseconds(10));
      return;
    }
    const bool full = poller_.count() >= limits_.connections;
    HttpConnection& connection = poller_.Add(descriptor, tls, limits_.read);
    if (full)
      sender_.RefuseAndClose(connection, RequestParseError::kTooManyConnections);
    else if (pool_.IsCrowded())
      Wait(connection, ConnectionPoller::Interest::kReadable, RealNow() + limits_.idle);
    else
      pool_.Submit([this, &connection] { Serve(connection); });
  }
}

void HttpServer::Impl::OnReady(HttpConnection& connection, ConnectionPoller::WakeReason reason) {
  switch (connection.stage) {
    case Stage::kIdle:
      if (reason == ConnectionPoller::WakeReason::kTime) return poller_.Close(connection);
      return pool_.Submit([this, &connection] { Serve(connection); });
    case Stage::kReading:
      return pool_.Submit([this, &connection] { Serve(connection); });
    case Stage::kPending:
      if (reason == ConnectionPoller::WakeReason::kClosed) return poller_.Close(connection);
      return pool_.Submit([this, &connection] { Serve(connection); });  // retries its request
    case Stage::kWriting:
      if (reason == ConnectionPoller::WakeReason::kClosed) return poller_.Close(connection);
      if (sender_.Advance(connection, RealNow())) Continue(connection);
      return;
    case Stage::kStreaming:
      if (reason == ConnectionPoller::WakeReason::kClosed) return poller_.Close(connection);
      return pool_.Submit([this, &connection] { sender_.SendNextChunk(connection); });
    case Stage::kLingering:
      if (reason == ConnectionPoller::WakeReason::kTime || !connection.socket.Discard())
        return poller_.Close(connection);
      return Wait(connection, ConnectionPoller::Interest::kReadable, connection.deadline);
  }
}

void HttpServer::Impl::Serve(HttpConnection& connection) {
  while (true) {
    switch (connection.parser.Parse(connection.socket.bytes())) {
      case RequestParser::State::kComplete:
        if (!sender_.Respond(connection, stopping_)) return;
        continue;
      case RequestParser::State::kRefused:
        return sender_.RefuseAndClose(connection, connection.parser.error());
      case RequestParser::State::kNeedMore:
        break;
    }

    const bool idle = connection.parser.is_idle(connection.socket.bytes()) &&
                      !connection.socket.HasPartialInput();
    if (idle) connection.stage = Stage::kIdle;  // also after a TLS handshake
    if (!idle && connection.stage == Stage::kIdle) {
      connection.stage = Stage::kReading;
      connection.deadline = RealNow() + limits_.request;
    }
    if (connection.stage == Stage::kReading && RealNow() >= connection.deadline)
      return sender_.RefuseAndClose(connection, RequestParseError::kRequestTimeout);
    if (connection.parser.awaits_continue()) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      connection.parser.MarkContinued();
      // The socket lacks room only if the client does not read what it requested.
      if (connection.socket.Send(kContinue) != kContinue.size()) return poller_.Close(connection);
    }

    switch (Receive(connection, idle)) {
      case ClientSocket::Received::kBytes:
        if (connection.socket.is_plain_by_mistake())
          return sender_.RefuseAndClose(connection, RequestParseError::kTlsMissing);
        continue;
      case ClientSocket::Received::kClosed:
        if (connection.socket.has_failed_handshake())
          return sender_.RefuseAndClose(connection, RequestParseError::kTlsHandshakeFailed);
        return poller_.Close(connection);
      case ClientSocket::Received::kNothingYet:
        return Wait(connection, ConnectionPoller::Interest::kReadable,
                    idle ? RealNow() + limits_.idle : connection.deadline);
    }
  }
}

// At most half of the threads wait for a next request, so that others are free for new requests.
ClientSocket::Received HttpServer::Impl::Receive(HttpConnection& connection, bool idle) {
  const bool lingers = idle && !stopping_ && !pool_.IsCrowded() && lingering_ < limits_.threads / 2;
  if (lingers) ++lingering_;
  const auto received = connection.socket.Receive(lingers);
  if (lingers) --lingering_;
  return received;
}

void HttpServer::Impl::Continue(HttpConnection& connection) {
  if (connection.socket.bytes().empty())
    Wait(connection, ConnectionPoller::Interest::kReadable, RealNow() + limits_.idle);
  else
    pool_.Submit([this, &connection] { Serve(connection); });
}

void HttpServer::Impl::Wait(HttpConnection& connection, ConnectionPoller::Interest interest,
                            RealTime until) {
  if (!poller_.Wait(connection, interest, until)) poller_.Close(connection);
}

bool HttpServer::Impl::Stop(milliseconds grace) {
  if (stopping_.exchange(true) || !event_loop_.joinable()) return true;
  poller_.Interrupt();
  event_loop_.join();
  for (const Endpoint& endpoint : endpoints_) endpoint.listener.Close();

  const RealTime until = RealNow() + grace;
  for (HttpConnection* connection : poller_.BeginShutdown()) ShutDown(*connection);
  ConnectionPoller::PollResult result;
  while (poller_.count() > 0 && RealNow() < until) {
    poller_.Poll(result, until);
    for (const auto& [connection, reason] : result.woken) OnReady(connection, reason);
  }
  const bool in_time = poller_.count() == 0;
  pool_.Join();
  poller_.CloseAll();
  return in_time;
}

void HttpServer::Impl::ShutDown(HttpConnection& connection) {
  switch (connection.stage) {
    case Stage::kPending:
      return sender_.RefuseAndClose(connection, RequestParseError::kServerStopping);
    case Stage::kWriting:
    case Stage::kStreaming:
      // Sends delayed bytes now and ends a streamed response.
      if (sender_.Advance(connection, RealNow())) poller_.Close(connection);
      return;
    case Stage::kIdle:
    case Stage::kReading:
    case Stage::kLingering:
      return poller_.Close(connection);
  }
}

HttpServer::HttpServer(std::vector<Endpoint> endpoints, Limits limits, Handler handler,
                       ErrorHandler error_handler)
    : impl_(std::make_unique<Impl>(std::move(endpoints), limits, std::move(handler),
                                   std::move(error_handler))) {}

HttpServer::~HttpServer() = default;

void HttpServer::Start() {
  impl_->Start();
}

bool HttpServer::Stop(std::chrono::milliseconds grace) {
  return impl_->Stop(grace);
}

}  // namespace emulator::http::server
