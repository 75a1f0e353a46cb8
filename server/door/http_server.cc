#include "door/http_server.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "door/client_socket.h"
#include "door/httplib_server.h"
#include "door/real_time.h"
#include "door/worker_pool.h"

namespace emulator {

namespace {

using std::chrono::milliseconds;

// How long a thread waits for the next request of a client it has just answered, before it parks
// the connection.
constexpr milliseconds kLinger{1000};
// How long what a client still sends after its last answer is thrown away, so that it reads that
// answer and not a reset (RFC 9112 section 9.6).
constexpr milliseconds kDrain{1000};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Listener& listener, const Limits& limits, Answer answer, Refuse refuse)
      : listener_(listener),
        limits_(limits),
        sweep_(std::clamp(std::min(limits.request, limits.idle) / 4, milliseconds(5),
                          milliseconds(250))),
        answer_(std::move(answer)),
        refuse_(std::move(refuse)),
        pool_(limits.threads) {}

  ~Impl() { Stop(milliseconds(0)); }

  void Start();
  bool Stop(milliseconds grace);

 private:
  // What a connection that no thread serves waits for.
  enum class Waiting {
    kForRequest,  // the next request: may take long
    kForRest,     // the rest of a request: must come in time
    kForClose,    // answered for the last time: only the client's own close
  };
  struct Client {
    Client(int descriptor, const Limits& limits)
        : socket(descriptor, kLinger, limits.send), reader(limits.read) {}

    ClientSocket socket;
    RequestReader reader;
    RealTime request_deadline{};  // set by the first byte of a request
    bool within_request = false;
    bool draining = false;
    // Guarded by mutex_:
    bool parked = false;
    bool expired = false;
    RealTime parked_until{};
  };

  // The thread that waits for all parked connections and for new ones.
  void Wait();
  void Accept(int listening);
  void Sweep();
  void Wake(Client* client);  // REQUIRES: mutex_ held, parked

  // A thread of the pool: serves a connection until it must wait, or closes it.
  void Serve(Client& client);
  void ServeRequests(Client& client);
  void Park(Client& client, Waiting waiting);
  void Close(Client& client);
  bool Exchange(Client& client);  // false: no more requests
  void RefuseAndDrain(Client& client, RequestDefect defect);
  void Drain(Client& client);

  Listener& listener_;
  const Limits limits_;
  const milliseconds sweep_;
  const Answer answer_;
  const Refuse refuse_;
  HttplibServer library_;

  int poll_ = -1;
  int wake_ = -1;
  std::thread waiter_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<Client*, std::unique_ptr<Client>> clients_;  // guarded by mutex_
  size_t active_ = 0;  // clients that a thread serves or will serve; guarded by mutex_

  WorkerPool pool_;  // its threads use all of the above
};

void HttpServer::Impl::Start() {
  poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (poll_ < 0 || wake_ < 0)
    throw ListenError("cannot wait for clients: no file descriptors left");
  const auto watch = [&](int descriptor, void* data) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = data;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
  };
  watch(wake_, nullptr);
  // A listening socket is told from a client by its address in the listener's list.
  for (const int& socket : listener_.sockets()) watch(socket, const_cast<int*>(&socket));
  waiter_ = std::thread([this] { Wait(); });
}

void HttpServer::Impl::Wait() {
  const auto& sockets = listener_.sockets();
  std::array<epoll_event, 128> events{};
  RealTime next_sweep = RealNow() + sweep_;
  while (!stopping_) {
    const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(sweep_.count()));
    for (int i = 0; i < count; ++i) {
      void* const data = events[static_cast<size_t>(i)].data.ptr;
      if (!data) continue;  // woken to stop
      const auto listening = std::find_if(sockets.begin(), sockets.end(),
                                          [&](const int& socket) { return &socket == data; });
      if (listening != sockets.end()) {
        Accept(*listening);
        continue;
      }
      // A client that Sweep woke may have gone since the event was fetched.
      const std::lock_guard lock(mutex_);
      const auto client = clients_.find(static_cast<Client*>(data));
      if (client != clients_.end() && client->first->parked) Wake(client->first);
    }
    if (RealNow() >= next_sweep) {
      Sweep();
      next_sweep = RealNow() + sweep_;
    }
  }
}

void HttpServer::Impl::Accept(int listening) {
  for (int burst = 0; burst < 64; ++burst) {
    const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        // No descriptor for it: it stays in the backlog until one is free. A moment's pause keeps
        // this thread from asking again at once.
        pollfd stop{.fd = wake_, .events = POLLIN, .revents = 0};
        ::poll(&stop, 1, 10);
      }
      return;
    }
    auto client = std::make_unique<Client>(descriptor, limits_);
    Client* const key = client.get();
    bool full = false;
    {
      const std::lock_guard lock(mutex_);
      full = clients_.size() >= limits_.connections;
      clients_.emplace(key, std::move(client));
      ++active_;
    }
    epoll_event event{};  // armed by Park
    event.data.ptr = key;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
    if (full)
      RefuseAndDrain(*key, RequestDefect::kTooManyConnections);
    else
      Park(*key, Waiting::kForRequest);
  }
}

void HttpServer::Impl::Sweep() {
  const RealTime now = RealNow();
  const std::lock_guard lock(mutex_);
  for (const auto& [client, _] : clients_) {
    if (!client->parked || client->parked_until > now) continue;
    client->expired = true;
    Wake(client);
  }
}

void HttpServer::Impl::Wake(Client* client) {
  client->parked = false;
  ++active_;
  pool_.Submit([this, client] { Serve(*client); });
}

void HttpServer::Impl::Park(Client& client, Waiting waiting) {
  const std::lock_guard lock(mutex_);
  --active_;
  if (stopping_) {
    clients_.erase(&client);
    changed_.notify_all();
    return;
  }
  switch (waiting) {
    case Waiting::kForRequest:
      client.parked_until = RealNow() + limits_.idle;
      break;
    case Waiting::kForRest:
      client.parked_until = client.request_deadline;
      break;
    case Waiting::kForClose:
      if (!client.draining) client.parked_until = RealNow() + kDrain;
      break;
  }
  client.draining = waiting == Waiting::kForClose;
  client.parked = true;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
  event.data.ptr = &client;
  ::epoll_ctl(poll_, EPOLL_CTL_MOD, client.socket.descriptor(), &event);
}

void HttpServer::Impl::Close(Client& client) {
  const std::lock_guard lock(mutex_);
  --active_;
  clients_.erase(&client);
  changed_.notify_all();
}

void HttpServer::Impl::Serve(Client& client) {
  bool expired = false;
  {
    const std::lock_guard lock(mutex_);
    std::swap(expired, client.expired);
  }
  if (client.draining) {
    auto received = ClientSocket::Received::kBytes;
    for (int burst = 0; burst < 16 && received == ClientSocket::Received::kBytes; ++burst)
      received = client.socket.Discard();
    if (expired || received == ClientSocket::Received::kClosed) return Close(client);
    return Park(client, Waiting::kForClose);
  }
  if (expired && !client.within_request) return Close(client);
  ServeRequests(client);
}

void HttpServer::Impl::ServeRequests(Client& client) {
  while (true) {
    switch (client.reader.Read(client.socket.bytes())) {
      case RequestReader::State::kComplete:
        if (!Exchange(client)) return;
        continue;
      case RequestReader::State::kRefused:
        return RefuseAndDrain(client, client.reader.defect());
      case RequestReader::State::kNeedMore:
        break;
    }

    const bool idle = client.reader.is_idle(client.socket.bytes());
    if (!idle && !client.within_request) {
      client.within_request = true;
      client.request_deadline = RealNow() + limits_.request;
    }
    if (client.within_request && RealNow() >= client.request_deadline)
      return RefuseAndDrain(client, RequestDefect::kRequestTimeout);
    if (client.reader.awaits_continue()) {
      client.reader.Continued();
      if (!client.socket.Send("HTTP/1.1 100 Continue\r\n\r\n", client.request_deadline))
        return Close(client);
    }

    const bool may_wait = idle && !pool_.IsCrowded() && !stopping_;
    switch (client.socket.Receive(may_wait)) {
      case ClientSocket::Received::kBytes:
        continue;
      case ClientSocket::Received::kClosed:
        return Close(client);
      case ClientSocket::Received::kNothingYet:
        return Park(client, idle ? Waiting::kForRequest : Waiting::kForRest);
    }
  }
}

bool HttpServer::Impl::Exchange(Client& client) {
  RequestReader& reader = client.reader;
  const bool close = !reader.keep_alive() || stopping_;
  const std::string answer = library_.Run({.answer = [&] { return answer_(reader.request()); },
                                           .head = reader.request().method == "HEAD",
                                           .close = close,
                                           .http10 = reader.is_http10()});
  client.socket.Consume(reader.consumed());
  reader.Next();
  client.within_request = false;
  const bool sent = client.socket.Send(answer, RealNow() + limits_.send);
  if (sent && !close) return true;
  // Closing over bytes that nobody read would reset the connection, and the answer be lost.
  if (sent && !client.socket.bytes().empty())
    Drain(client);
  else
    Close(client);
  return false;
}

void HttpServer::Impl::Drain(Client& client) {
  client.socket.FinishSending();
  Park(client, Waiting::kForClose);
}

void HttpServer::Impl::RefuseAndDrain(Client& client, RequestDefect defect) {
  const std::string answer =
      library_.Run({.answer = [&] { return refuse_(defect); }, .close = true});
  if (!client.socket.Send(answer, RealNow() + kDrain)) return Close(client);
  Drain(client);
}

bool HttpServer::Impl::Stop(milliseconds grace) {
  if (stopping_.exchange(true) || !waiter_.joinable()) return true;
  const uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  waiter_.join();
  listener_.Close();

  bool in_time = true;
  {
    std::unique_lock lock(mutex_);
    std::erase_if(clients_, [](const auto& entry) { return entry.first->parked; });
    for (const auto& [client, _] : clients_) client->socket.StopReceiving();
    in_time = changed_.wait_for(lock, grace, [&] { return active_ == 0; });
    for (const auto& [client, _] : clients_) client->socket.Break();
  }
  pool_.Join();
  ::close(poll_);
  ::close(wake_);
  return in_time;
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
