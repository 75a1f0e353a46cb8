#include "http/server/response_sender.h"

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace emulator::http::server {

namespace {

using std::chrono::milliseconds;
using Stage = HttpConnection::Stage;

// How long the server discards further input after the last response, so that the client reads that
// response and not a reset (RFC 9112 section 9.6).
constexpr milliseconds kLingeringClose{1000};

// The handler's response. A handler must not throw; if it does, the client gets a 500 without the
// exception's text.
template <typename... Arguments>
Response Call(const std::function<Response(Arguments...)>& handler,
              std::type_identity_t<Arguments>... arguments) {
  try {
    return handler(arguments...);
  } catch (...) {
    return {.status = 500};
  }
}

}  // namespace

ResponseSender::ResponseSender(ConnectionPoller& poller, milliseconds send_timeout,
                               HttpServer::Handler handler, HttpServer::ErrorHandler error_handler)
    : poller_(poller),
      send_timeout_(send_timeout),
      handler_(std::move(handler)),
      error_handler_(std::move(error_handler)) {}

bool ResponseSender::Respond(HttpConnection& connection, bool last) {
  RequestParser& parser = connection.parser;
  Request& request = parser.request();
  request.secure = connection.socket.is_secure();

  Response response;
  if (connection.stage == Stage::kPending) {
    response = Call(connection.pending->retry);
  } else {
    request.arrived = RealNow();
    response = Call(handler_, request);
  }
  const bool streaming = response.pending && response.pending->next_chunk;
  if (response.pending && !streaming) {
    Suspend(connection, std::move(response.pending));
    return false;
  }

  const bool head = request.method == "HEAD";
  const bool close = last || streaming || !parser.keep_alive();
  const ResponseSerializer::Options options{
      .head = head, .close = close, .http10 = parser.is_http10(), .streaming = streaming};
  if (head) response.pending = nullptr;
  connection.socket.Consume(parser.consumed());
  parser.Reset();
  return Begin(connection, std::move(response), options, close ? End::kClose : End::kKeep);
}

void ResponseSender::RefuseAndClose(HttpConnection& connection, RequestParseError error) {
  const bool head = connection.parser.request().method == "HEAD";
  Begin(connection, Call(error_handler_, error), {.head = head, .close = true},
        End::kLingeringClose);
}

bool ResponseSender::Begin(HttpConnection& connection, Response response,
                           const ResponseSerializer::Options& options, End end) {
  const Delivery delivery = response.delivery;
  std::shared_ptr<PendingResponse> pending = std::move(response.pending);
  if (delivery.connection_fault != ConnectionFault::kNone) pending = nullptr;
  std::string bytes = serializer_.Serialize(std::move(response), options);
  const RealTime now = RealNow();
  connection.stage = Stage::kWriting;
  connection.response = PacedResponse(std::move(bytes), delivery, end, now);
  Subscribe(connection, std::move(pending));
  return Advance(connection, now);
}

bool ResponseSender::Advance(HttpConnection& connection, RealTime now) {
  PacedResponse& response = connection.response;
  while (true) {
    const std::string_view due = response.Due(now);
    const auto sent = connection.socket.Send(due);
    if (!sent) return poller_.Close(connection), false;
    response.MarkSent(*sent);
    if (*sent < due.size()) {
      const RealTime until = response.last_due() + send_timeout_;
      if (now >= until || !poller_.Wait(connection, ConnectionPoller::Interest::kWritable, until))
        poller_.Close(connection);
      return false;
    }
    if (response.IsFinished(now)) break;
    if (poller_.Wait(connection, ConnectionPoller::Interest::kTime, response.NextDue(now)))
      return false;
    response.SkipDelays(now);  // the server is stopping
  }
  if (connection.pending) {
    connection.stage = Stage::kStreaming;
    if (poller_.Wait(connection, ConnectionPoller::Interest::kWakeup, connection.pending->until))
      return false;
  }
  return Finish(connection);
}

bool ResponseSender::Finish(HttpConnection& connection) {
  const End end = connection.response.end();
  connection.response = {};
  connection.stage = Stage::kIdle;
  switch (end) {
    case End::kKeep:
      return true;
    case End::kClose:
      connection.socket.SendCloseNotify();
      // Closing a socket with unread input resets the connection, and the response may be lost.
      if (!connection.socket.HasUnread() && !connection.socket.HasUnsent()) break;
      [[fallthrough]];
    case End::kLingeringClose:
      return LingeringClose(connection), false;
    case End::kReset:
      connection.socket.ResetAtClose();
      break;
  }
  poller_.Close(connection);
  return false;
}

void ResponseSender::LingeringClose(HttpConnection& connection) {
  connection.socket.FinishSending();
  connection.stage = Stage::kLingering;
  connection.deadline = RealNow() + kLingeringClose;
  if (!poller_.Wait(connection, ConnectionPoller::Interest::kReadable, connection.deadline))
    poller_.Close(connection);
}

// The request stays in its parser until `retry` gives a response.
void ResponseSender::Suspend(HttpConnection& connection, std::shared_ptr<PendingResponse> pending) {
  const RealTime until = pending->until;
  connection.stage = Stage::kPending;
  Subscribe(connection, std::move(pending));
  if (!poller_.Wait(connection, ConnectionPoller::Interest::kWakeup, until))
    RefuseAndClose(connection, RequestParseError::kServerStopping);
}

void ResponseSender::SendNextChunk(HttpConnection& connection) {
  auto chunk = connection.pending->next_chunk();
  if (!chunk) Subscribe(connection, nullptr);
  const RealTime now = RealNow();
  connection.stage = Stage::kWriting;
  connection.response = PacedResponse(std::move(chunk).value_or(""), {}, End::kClose, now);
  Advance(connection, now);
}

void ResponseSender::Subscribe(HttpConnection& connection,
                               std::shared_ptr<PendingResponse> pending) {
  connection.Subscribe(std::move(pending), [this, id = connection.id] { poller_.Wake(id); });
}

}  // namespace emulator::http::server
