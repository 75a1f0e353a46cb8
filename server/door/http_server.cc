#include "door/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "door/real_time.h"
#include "door/replies.h"
#include "door/visitor.h"
#include "door/visitors.h"
#include "door/worker_pool.h"

namespace emulator {

namespace {

using std::chrono::milliseconds;

std::vector<int> SocketsOf(const std::vector<HttpServer::Entrance>& entrances) {
  std::vector<int> sockets;
  for (const auto& entrance : entrances)
    for (const int socket : entrance.listener.sockets()) sockets.push_back(socket);
  return sockets;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(std::vector<Entrance> entrances, const Limits& limits, Answer answer, Refuse refuse)
      : entrances_(std::move(entrances)),
        limits_(limits),
        visitors_(SocketsOf(entrances_)),
        replies_(visitors_, limits.send, std::move(answer), std::move(refuse)),
        pool_(limits.threads) {}

  ~Impl() { Stop(milliseconds(0)); }

  void Start() {
    waiter_ = std::thread([this] { Welcome(); });
  }
  bool Stop(milliseconds grace);

 private:
  using Stage = Visitor::Stage;

  // The waiter's thread: it accepts, and does what cannot block and needs no handler.
  void Welcome();
  const TlsContext* TlsAt(int listening) const;
  void Accept(int listening);
  void Wake(Visitor& visitor, Visitors::Cause cause);
  void Dismiss(Visitor& visitor);  // while stopping

  // A thread of the pool: serves a visitor until it must wait or leaves.
  void Serve(Visitor& visitor);
  ClientSocket::Received Receive(Visitor& visitor, bool idle);

  // Either. The visitor may be another thread's then.
  void Continue(Visitor& visitor);  // after its answer, outside of Serve
  void Wait(Visitor& visitor, Visitors::For what, RealTime until);

  const std::vector<Entrance> entrances_;
  const Limits limits_;
  Visitors visitors_;
  Replies replies_;
  std::thread waiter_;
  std::atomic<bool> stopping_{false};
  std::atomic<size_t> lingering_{0};  // threads that wait for a client's next request
  WorkerPool pool_;                   // its threads use all of the above
};

void HttpServer::Impl::Welcome() {
  Visitors::News news;
  while (!stopping_) {
    visitors_.Await(news);
    for (const int listening : news.ringing) Accept(listening);
    for (const auto& [visitor, cause] : news.woken) Wake(visitor, cause);
  }
}

const TlsContext* HttpServer::Impl::TlsAt(int listening) const {
  for (const Entrance& entrance : entrances_)
    for (const int socket : entrance.listener.sockets())
      if (socket == listening) return entrance.tls;
  return nullptr;
}

void HttpServer::Impl::Accept(int listening) {
  const TlsContext* const tls = TlsAt(listening);
  for (int burst = 0; burst < 64; ++burst) {
    const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) {
      // No descriptor for it: it stays in the backlog until one is free. Without a moment's pause
      // this thread would ask again at once.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        std::this_thread::sleep_for(milliseconds(10));
      return;
    }
    const bool full = visitors_.count() >= limits_.connections;
    Visitor& visitor = visitors_.Enter(descriptor, tls, limits_.read);
    if (full)
      replies_.RefuseAndClose(visitor, RequestDefect::kTooManyConnections);
    else if (pool_.IsCrowded())
      Wait(visitor, Visitors::For::kBytes, RealNow() + limits_.idle);
    else
      pool_.Submit([this, &visitor] { Serve(visitor); });
  }
}

void HttpServer::Impl::Wake(Visitor& visitor, Visitors::Cause cause) {
  switch (visitor.stage) {
    case Stage::kIdle:
      if (cause == Visitors::Cause::kTime) return visitors_.Leave(visitor);
      return pool_.Submit([this, &visitor] { Serve(visitor); });
    case Stage::kAsking:
      return pool_.Submit([this, &visitor] { Serve(visitor); });
    case Stage::kAwaiting:
      if (cause == Visitors::Cause::kGone) return visitors_.Leave(visitor);
      return pool_.Submit([this, &visitor] { Serve(visitor); });  // its request is asked again
    case Stage::kGetting:
      if (cause == Visitors::Cause::kGone) return visitors_.Leave(visitor);
      if (replies_.Advance(visitor, RealNow())) Continue(visitor);
      return;
    case Stage::kFollowing:
      if (cause == Visitors::Cause::kGone) return visitors_.Leave(visitor);
      return pool_.Submit([this, &visitor] { replies_.GoOn(visitor); });
    case Stage::kLeaving:
      if (cause == Visitors::Cause::kTime || !visitor.socket.Discard())
        return visitors_.Leave(visitor);
      return Wait(visitor, Visitors::For::kBytes, visitor.deadline);
  }
}

void HttpServer::Impl::Serve(Visitor& visitor) {
  while (true) {
    switch (visitor.reader.Read(visitor.socket.bytes())) {
      case RequestReader::State::kComplete:
        if (!replies_.Answer(visitor, stopping_)) return;
        continue;
      case RequestReader::State::kRefused:
        return replies_.RefuseAndClose(visitor, visitor.reader.defect());
      case RequestReader::State::kNeedMore:
        break;
    }

    const bool idle = visitor.reader.is_idle(visitor.socket.bytes()) && !visitor.socket.IsAmid();
    if (idle) visitor.stage = Stage::kIdle;  // also after a handshake
    if (!idle && visitor.stage == Stage::kIdle) {
      visitor.stage = Stage::kAsking;
      visitor.deadline = RealNow() + limits_.request;
    }
    if (visitor.stage == Stage::kAsking && RealNow() >= visitor.deadline)
      return replies_.RefuseAndClose(visitor, RequestDefect::kRequestTimeout);
    if (visitor.reader.awaits_continue()) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      visitor.reader.Continued();
      // Room for it is missing only where a client does not read what it asked for.
      if (visitor.socket.Send(kContinue) != kContinue.size()) return visitors_.Leave(visitor);
    }

    switch (Receive(visitor, idle)) {
      case ClientSocket::Received::kBytes:
        if (visitor.socket.is_plain_by_mistake())
          return replies_.RefuseAndClose(visitor, RequestDefect::kTlsMissing);
        continue;
      case ClientSocket::Received::kClosed:
        if (visitor.socket.has_failed_handshake())
          return replies_.RefuseAndClose(visitor, RequestDefect::kTlsHandshakeFailed);
        return visitors_.Leave(visitor);
      case ClientSocket::Received::kNothingYet:
        return Wait(visitor, Visitors::For::kBytes,
                    idle ? RealNow() + limits_.idle : visitor.deadline);
    }
  }
}

// At most half of the threads linger: however many clients come and go, there are others for those
// who ask.
ClientSocket::Received HttpServer::Impl::Receive(Visitor& visitor, bool idle) {
  const bool lingers = idle && !stopping_ && !pool_.IsCrowded() && lingering_ < limits_.threads / 2;
  if (lingers) ++lingering_;
  const auto received = visitor.socket.Receive(lingers);
  if (lingers) --lingering_;
  return received;
}

void HttpServer::Impl::Continue(Visitor& visitor) {
  if (visitor.socket.bytes().empty())
    Wait(visitor, Visitors::For::kBytes, RealNow() + limits_.idle);
  else
    pool_.Submit([this, &visitor] { Serve(visitor); });
}

void HttpServer::Impl::Wait(Visitor& visitor, Visitors::For what, RealTime until) {
  if (!visitors_.Wait(visitor, what, until)) visitors_.Leave(visitor);
}

bool HttpServer::Impl::Stop(milliseconds grace) {
  if (stopping_.exchange(true) || !waiter_.joinable()) return true;
  visitors_.Interrupt();
  waiter_.join();
  for (const Entrance& entrance : entrances_) entrance.listener.Close();

  const RealTime until = RealNow() + grace;
  for (Visitor* visitor : visitors_.EndWaiting()) Dismiss(*visitor);
  Visitors::News news;
  while (visitors_.count() > 0 && RealNow() < until) {
    visitors_.Await(news, until);
    for (const auto& [visitor, cause] : news.woken) Wake(visitor, cause);
  }
  const bool in_time = visitors_.count() == 0;
  pool_.Join();
  visitors_.CutOff();
  return in_time;
}

void HttpServer::Impl::Dismiss(Visitor& visitor) {
  switch (visitor.stage) {
    case Stage::kAwaiting:
      return replies_.RefuseAndClose(visitor, RequestDefect::kServerStopping);
    case Stage::kGetting:
    case Stage::kFollowing:
      // What is delayed is sent now, what goes on ends.
      if (replies_.Advance(visitor, RealNow())) visitors_.Leave(visitor);
      return;
    case Stage::kIdle:
    case Stage::kAsking:
    case Stage::kLeaving:
      return visitors_.Leave(visitor);
  }
}

HttpServer::HttpServer(std::vector<Entrance> entrances, Limits limits, Answer answer, Refuse refuse)
    : impl_(std::make_unique<Impl>(std::move(entrances), limits, std::move(answer),
                                   std::move(refuse))) {}

HttpServer::~HttpServer() = default;

void HttpServer::Start() {
  impl_->Start();
}

bool HttpServer::Stop(std::chrono::milliseconds grace) {
  return impl_->Stop(grace);
}

}  // namespace emulator
