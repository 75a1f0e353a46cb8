#include "http/server/response_sender.h"

#include <optional>
#include <string>
#include <utility>

namespace emulator::http::server {

namespace {

using std::chrono::milliseconds;
using Stage = HttpConnection::Stage;

// How long what a client still sends after its last answer is thrown away, so that it reads that
// answer and not a reset (RFC 9112 section 9.6).
constexpr milliseconds kLingeringClose{1000};

}  // namespace

ResponseSender::ResponseSender(ConnectionPoller& poller, milliseconds send,
                               HttpServer::Answer answer, HttpServer::Refuse refuse)
    : poller_(poller), send_(send), answer_(std::move(answer)), refuse_(std::move(refuse)) {}

bool ResponseSender::Answer(HttpConnection& connection, bool last) {
  RequestParser& reader = connection.reader;
  Request& request = reader.request();
  // Where there was no answer yet: who is to be asked again for it.
  const auto awaited = connection.stage == Stage::kPending ? connection.pending : nullptr;
  if (!awaited) request.arrived = RealNow();
  request.secure = connection.socket.is_secure();
  const bool head = request.method == "HEAD";
  const bool close = last || !reader.keep_alive();
  auto answer =
      library_.Run({.answer = [&] { return awaited ? awaited->retry() : answer_(request); },
                    .head = head,
                    .close = close,
                    .http10 = reader.is_http10()});
  const bool goes_on = answer.pending && answer.pending->next_chunk;
  if (answer.pending && !goes_on) return Suspend(connection, std::move(answer.pending)), false;

  if (head) answer.pending = nullptr;
  connection.socket.Consume(reader.consumed());
  reader.Next();
  return Begin(connection, std::move(answer), close || goes_on ? End::kClose : End::kKeep);
}

void ResponseSender::RefuseAndClose(HttpConnection& connection, RequestParseError defect) {
  Begin(connection,
        library_.Run({.answer = [&] { return refuse_(defect); },
                      .head = connection.reader.request().method == "HEAD",
                      .close = true}),
        End::kLingeringClose);
}

bool ResponseSender::Begin(HttpConnection& connection, ResponseSerializer::Bytes answer, End end) {
  const RealTime now = RealNow();
  connection.stage = Stage::kWriting;
  connection.answer = PacedResponse(std::move(answer.text), answer.delivery, end, now);
  if (answer.delivery.connection_fault != ConnectionFault::kNone) answer.pending = nullptr;
  Subscribe(connection, std::move(answer.pending));
  return Advance(connection, now);
}

bool ResponseSender::Advance(HttpConnection& connection, RealTime now) {
  PacedResponse& answer = connection.answer;
  while (true) {
    const std::string_view due = answer.Due(now);
    const auto sent = connection.socket.Send(due);
    if (!sent) return poller_.Close(connection), false;
    answer.Sent(*sent);
    if (*sent < due.size()) {
      const RealTime until = answer.last_due() + send_;
      if (now >= until || !poller_.Wait(connection, ConnectionPoller::Interest::kWritable, until))
        poller_.Close(connection);
      return false;
    }
    if (answer.IsFinished(now)) break;
    if (poller_.Wait(connection, ConnectionPoller::Interest::kTime, answer.NextDue(now)))
      return false;
    answer.SkipDelays(now);  // the server stops
  }
  if (connection.pending) {
    connection.stage = Stage::kStreaming;
    if (poller_.Wait(connection, ConnectionPoller::Interest::kWakeup, connection.pending->until))
      return false;
  }
  return Finish(connection);
}

bool ResponseSender::Finish(HttpConnection& connection) {
  const End end = connection.answer.end();
  connection.answer = {};
  connection.stage = Stage::kIdle;
  switch (end) {
    case End::kKeep:
      return true;
    case End::kClose:
      connection.socket.SendCloseNotify();
      // Closing over bytes that nobody read would reset the connection, and the answer be lost.
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

// The request stays with its reader, to be asked again.
void ResponseSender::Suspend(HttpConnection& connection, std::shared_ptr<PendingResponse> pending) {
  const RealTime until = pending->until;
  connection.stage = Stage::kPending;
  Subscribe(connection, std::move(pending));
  if (!poller_.Wait(connection, ConnectionPoller::Interest::kWakeup, until))
    RefuseAndClose(connection, RequestParseError::kServerStopping);
}

void ResponseSender::SendNextChunk(HttpConnection& connection) {
  auto more = connection.pending->next_chunk();
  if (!more) Subscribe(connection, nullptr);
  const RealTime now = RealNow();
  connection.stage = Stage::kWriting;
  connection.answer = PacedResponse(std::move(more).value_or(""), {}, End::kClose, now);
  Advance(connection, now);
}

void ResponseSender::Subscribe(HttpConnection& connection,
                               std::shared_ptr<PendingResponse> pending) {
  connection.Subscribe(std::move(pending), [this, id = connection.id] { poller_.Wake(id); });
}

}  // namespace emulator::http::server
