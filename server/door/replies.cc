#include "door/replies.h"

#include <optional>
#include <string>
#include <utility>

namespace emulator {

namespace {

using std::chrono::milliseconds;
using Stage = Visitor::Stage;

// How long what a client still sends after its last answer is thrown away, so that it reads that
// answer and not a reset (RFC 9112 section 9.6).
constexpr milliseconds kFarewell{1000};

}  // namespace

Replies::Replies(Visitors& visitors, milliseconds send, HttpServer::Answer answer,
                 HttpServer::Refuse refuse)
    : visitors_(visitors), send_(send), answer_(std::move(answer)), refuse_(std::move(refuse)) {}

bool Replies::Answer(Visitor& visitor, bool last) {
  RequestReader& reader = visitor.reader;
  Request& request = reader.request();
  // Where there was no answer yet: who is to be asked again for it.
  const auto awaited = visitor.stage == Stage::kAwaiting ? visitor.sequel : nullptr;
  if (!awaited) request.arrived = RealNow();
  request.secure = visitor.socket.is_secure();
  const bool head = request.method == "HEAD";
  const bool close = last || !reader.keep_alive();
  auto answer =
      library_.Run({.answer = [&] { return awaited ? awaited->again() : answer_(request); },
                    .head = head,
                    .close = close,
                    .http10 = reader.is_http10()});
  const bool goes_on = answer.sequel && answer.sequel->next;
  if (answer.sequel && !goes_on) return Park(visitor, std::move(answer.sequel)), false;

  if (head) answer.sequel = nullptr;
  visitor.socket.Consume(reader.consumed());
  reader.Next();
  return Begin(visitor, std::move(answer), close || goes_on ? End::kClose : End::kKeep);
}

void Replies::RefuseAndClose(Visitor& visitor, RequestDefect defect) {
  Begin(visitor,
        library_.Run({.answer = [&] { return refuse_(defect); },
                      .head = visitor.reader.request().method == "HEAD",
                      .close = true}),
        End::kFarewell);
}

bool Replies::Begin(Visitor& visitor, HttplibServer::Written answer, End end) {
  const RealTime now = RealNow();
  visitor.stage = Stage::kGetting;
  visitor.answer = OutgoingAnswer(std::move(answer.text), answer.delivery, end, now);
  if (answer.delivery.breakage != Breakage::kNone) answer.sequel = nullptr;
  Follow(visitor, std::move(answer.sequel));
  return Advance(visitor, now);
}

bool Replies::Advance(Visitor& visitor, RealTime now) {
  OutgoingAnswer& answer = visitor.answer;
  while (true) {
    const std::string_view due = answer.Due(now);
    const auto sent = visitor.socket.Send(due);
    if (!sent) return visitors_.Leave(visitor), false;
    answer.Sent(*sent);
    if (*sent < due.size()) {
      const RealTime until = answer.last_due() + send_;
      if (now >= until || !visitors_.Wait(visitor, Visitors::For::kRoom, until))
        visitors_.Leave(visitor);
      return false;
    }
    if (answer.IsFinished(now)) break;
    if (visitors_.Wait(visitor, Visitors::For::kTime, answer.NextDue(now))) return false;
    answer.Hurry(now);  // the server stops
  }
  if (visitor.sequel) {
    visitor.stage = Stage::kFollowing;
    if (visitors_.Wait(visitor, Visitors::For::kRing, visitor.sequel->until)) return false;
  }
  return Finish(visitor);
}

bool Replies::Finish(Visitor& visitor) {
  const End end = visitor.answer.end();
  visitor.answer = {};
  visitor.stage = Stage::kIdle;
  switch (end) {
    case End::kKeep:
      return true;
    case End::kClose:
      visitor.socket.SayEnd();
      // Closing over bytes that nobody read would reset the connection, and the answer be lost.
      if (!visitor.socket.HasUnread() && !visitor.socket.HasUnsent()) break;
      [[fallthrough]];
    case End::kFarewell:
      return SayFarewell(visitor), false;
    case End::kReset:
      visitor.socket.ResetAtClose();
      break;
  }
  visitors_.Leave(visitor);
  return false;
}

void Replies::SayFarewell(Visitor& visitor) {
  visitor.socket.FinishSending();
  visitor.stage = Stage::kLeaving;
  visitor.deadline = RealNow() + kFarewell;
  if (!visitors_.Wait(visitor, Visitors::For::kBytes, visitor.deadline)) visitors_.Leave(visitor);
}

// The request stays with its reader, to be asked again.
void Replies::Park(Visitor& visitor, std::shared_ptr<Sequel> sequel) {
  const RealTime until = sequel->until;
  visitor.stage = Stage::kAwaiting;
  Follow(visitor, std::move(sequel));
  if (!visitors_.Wait(visitor, Visitors::For::kRing, until))
    RefuseAndClose(visitor, RequestDefect::kServerStopping);
}

void Replies::GoOn(Visitor& visitor) {
  auto more = visitor.sequel->next();
  if (!more) Follow(visitor, nullptr);
  const RealTime now = RealNow();
  visitor.stage = Stage::kGetting;
  visitor.answer = OutgoingAnswer(std::move(more).value_or(""), {}, End::kClose, now);
  Advance(visitor, now);
}

void Replies::Follow(Visitor& visitor, std::shared_ptr<Sequel> sequel) {
  visitor.Follow(std::move(sequel), [this, id = visitor.id] { visitors_.Ring(id); });
}

}  // namespace emulator
