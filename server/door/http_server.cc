#include "door/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "door/client.h"
#include "door/clients.h"
#include "door/httplib_server.h"
#include "door/outgoing_answer.h"
#include "door/real_time.h"
#include "door/worker_pool.h"

namespace emulator {

namespace {

using std::chrono::milliseconds;

// How long what a client still sends after its last answer is thrown away, so that it reads that
// answer and not a reset (RFC 9112 section 9.6).
constexpr milliseconds kFarewell{1000};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Listener& listener, const Limits& limits, Answer answer, Refuse refuse)
      : listener_(listener),
        limits_(limits),
        answer_(std::move(answer)),
        refuse_(std::move(refuse)),
        clients_(listener.sockets()),
        pool_(limits.threads) {}

  ~Impl() { Stop(milliseconds(0)); }

  void Start() {
    waiter_ = std::thread([this] { Welcome(); });
  }
  bool Stop(milliseconds grace);

 private:
  using End = OutgoingAnswer::End;
  using Stage = Client::Stage;

  // The waiter's thread: it accepts, and does what cannot block and needs no handler.
  void Welcome();
  void Accept(int listening);
  void Wake(Client& client, Clients::Cause cause);
  void Dismiss(Client& client);  // while stopping

  // A thread of the pool: serves a client until it must wait or leaves.
  void Serve(Client& client);
  ClientSocket::Received Receive(Client& client, bool idle);

  // Either. False: the client was left to wait, or has left.
  bool Exchange(Client& client);
  bool Begin(Client& client, HttplibServer::Written answer, End end);
  bool Advance(Client& client, RealTime now);
  void Continue(Client& client);  // after an Advance outside of Serve
  void RefuseAndClose(Client& client, RequestDefect defect);
  void SayFarewell(Client& client);
  void Wait(Client& client, Clients::For what, RealTime until);

  Listener& listener_;
  const Limits limits_;
  const Answer answer_;
  const Refuse refuse_;
  HttplibServer library_;
  Clients clients_;
  std::thread waiter_;
  std::atomic<bool> stopping_{false};
  std::atomic<size_t> lingering_{0};  // threads that wait for a client's next request
  WorkerPool pool_;                   // its threads use all of the above
};

void HttpServer::Impl::Welcome() {
  Clients::News news;
  while (!stopping_) {
    clients_.Await(news);
    for (const int listening : news.ringing) Accept(listening);
    for (const auto& [client, cause] : news.woken) Wake(client, cause);
  }
}

void HttpServer::Impl::Accept(int listening) {
  for (int burst = 0; burst < 64; ++burst) {
    const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) {
      // No descriptor for it: it stays in the backlog until one is free. Without a moment's pause
      // this thread would ask again at once.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        std::this_thread::sleep_for(milliseconds(10));
      return;
    }
    const bool full = clients_.count() >= limits_.connections;
    Client& client = clients_.Enter(descriptor, limits_.read);
    if (full)
      RefuseAndClose(client, RequestDefect::kTooManyConnections);
    else if (pool_.IsCrowded())
      Wait(client, Clients::For::kBytes, RealNow() + limits_.idle);
    else
      pool_.Submit([this, &client] { Serve(client); });
  }
}

void HttpServer::Impl::Wake(Client& client, Clients::Cause cause) {
  switch (client.stage) {
    case Stage::kIdle:
      if (cause == Clients::Cause::kTime) return clients_.Leave(client);
      return pool_.Submit([this, &client] { Serve(client); });
    case Stage::kAsking:
      return pool_.Submit([this, &client] { Serve(client); });
    case Stage::kGetting:
      if (cause == Clients::Cause::kGone) return clients_.Leave(client);
      if (Advance(client, RealNow())) Continue(client);
      return;
    case Stage::kLeaving:
      if (cause == Clients::Cause::kTime || !client.socket.Discard()) return clients_.Leave(client);
      return Wait(client, Clients::For::kBytes, client.deadline);
  }
}

void HttpServer::Impl::Serve(Client& client) {
  while (true) {
    switch (client.reader.Read(client.socket.bytes())) {
      case RequestReader::State::kComplete:
        if (!Exchange(client)) return;
        continue;
      case RequestReader::State::kRefused:
        return RefuseAndClose(client, client.reader.defect());
      case RequestReader::State::kNeedMore:
        break;
    }

    const bool idle = client.reader.is_idle(client.socket.bytes());
    if (!idle && client.stage == Stage::kIdle) {
      client.stage = Stage::kAsking;
      client.deadline = RealNow() + limits_.request;
    }
    if (client.stage == Stage::kAsking && RealNow() >= client.deadline)
      return RefuseAndClose(client, RequestDefect::kRequestTimeout);
    if (client.reader.awaits_continue()) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      client.reader.Continued();
      // Room for it is missing only where a client does not read what it asked for.
      if (client.socket.Send(kContinue) != kContinue.size()) return clients_.Leave(client);
    }

    switch (Receive(client, idle)) {
      case ClientSocket::Received::kBytes:
        continue;
      case ClientSocket::Received::kClosed:
        return clients_.Leave(client);
      case ClientSocket::Received::kNothingYet:
        return Wait(client, Clients::For::kBytes,
                    idle ? RealNow() + limits_.idle : client.deadline);
    }
  }
}

// At most half of the threads linger: however many clients come and go, there are others for those
// who ask.
ClientSocket::Received HttpServer::Impl::Receive(Client& client, bool idle) {
  const bool lingers = idle && !stopping_ && !pool_.IsCrowded() && lingering_ < limits_.threads / 2;
  if (lingers) ++lingering_;
  const auto received = client.socket.Receive(lingers);
  if (lingers) --lingering_;
  return received;
}

bool HttpServer::Impl::Exchange(Client& client) {
  RequestReader& reader = client.reader;
  const bool close = !reader.keep_alive() || stopping_;
  auto answer = library_.Run({.answer = [&] { return answer_(reader.request()); },
                              .head = reader.request().method == "HEAD",
                              .close = close,
                              .http10 = reader.is_http10()});
  client.socket.Consume(reader.consumed());
  reader.Next();
  return Begin(client, std::move(answer), close ? End::kClose : End::kKeep);
}

void HttpServer::Impl::RefuseAndClose(Client& client, RequestDefect defect) {
  Begin(client, library_.Run({.answer = [&] { return refuse_(defect); }, .close = true}),
        End::kFarewell);
}

bool HttpServer::Impl::Begin(Client& client, HttplibServer::Written answer, End end) {
  const RealTime now = RealNow();
  client.stage = Stage::kGetting;
  client.answer = OutgoingAnswer(std::move(answer.text), answer.delivery, end, now);
  return Advance(client, now);
}

bool HttpServer::Impl::Advance(Client& client, RealTime now) {
  OutgoingAnswer& answer = client.answer;
  while (true) {
    const std::string_view due = answer.Due(now);
    const auto sent = client.socket.Send(due);
    if (!sent) return clients_.Leave(client), false;
    answer.Sent(*sent);
    if (*sent < due.size()) {
      const RealTime until = answer.last_due() + limits_.send;
      if (now >= until) return clients_.Leave(client), false;
      return Wait(client, Clients::For::kRoom, until), false;
    }
    if (answer.IsFinished(now)) break;
    if (clients_.Wait(client, Clients::For::kTime, answer.NextDue(now))) return false;
    answer.Hurry(now);  // the server stops
  }

  const End end = answer.end();
  answer = {};
  client.stage = Stage::kIdle;
  switch (end) {
    case End::kKeep:
      return true;
    case End::kClose:
      // Closing over bytes that nobody read would reset the connection, and the answer be lost.
      if (!client.socket.HasUnread()) break;
      [[fallthrough]];
    case End::kFarewell:
      return SayFarewell(client), false;
    case End::kReset:
      client.socket.ResetAtClose();
      break;
  }
  clients_.Leave(client);
  return false;
}

void HttpServer::Impl::Continue(Client& client) {
  if (client.socket.bytes().empty())
    Wait(client, Clients::For::kBytes, RealNow() + limits_.idle);
  else
    pool_.Submit([this, &client] { Serve(client); });
}

void HttpServer::Impl::SayFarewell(Client& client) {
  client.socket.FinishSending();
  client.stage = Stage::kLeaving;
  client.deadline = RealNow() + kFarewell;
  Wait(client, Clients::For::kBytes, client.deadline);
}

void HttpServer::Impl::Wait(Client& client, Clients::For what, RealTime until) {
  if (!clients_.Wait(client, what, until)) clients_.Leave(client);
}

bool HttpServer::Impl::Stop(milliseconds grace) {
  if (stopping_.exchange(true) || !waiter_.joinable()) return true;
  clients_.Interrupt();
  waiter_.join();
  listener_.Close();

  const RealTime until = RealNow() + grace;
  for (Client* client : clients_.EndWaiting()) Dismiss(*client);
  Clients::News news;
  while (clients_.count() > 0 && RealNow() < until) {
    clients_.Await(news, until);
    for (const auto& [client, cause] : news.woken) Wake(client, cause);
  }
  const bool in_time = clients_.count() == 0;
  pool_.Join();
  clients_.CutOff();
  return in_time;
}

void HttpServer::Impl::Dismiss(Client& client) {
  // Whoever waits for its answer gets it now.
  if (client.stage != Stage::kGetting || Advance(client, RealNow())) clients_.Leave(client);
}

HttpServer::HttpServer(Listener& listener, Limits limits, Answer answer, Refuse refuse)
    : impl_(std::make_unique<Impl>(listener, limits, std::move(answer), std::move(refuse))) {}

HttpServer::~HttpServer() = default;

void HttpServer::Start() {
  impl_->Start();
}

bool HttpServer::Stop(std::chrono::milliseconds grace) {
  return impl_->Stop(grace);
}

}  // namespace emulator
