// What visitors get for their requests: has the answers made, sends what of them is due and finds
// room, and leaves the visitor to wait for the rest: for room, for its time (Delivery), for what is
// yet to come (Sequel).
// Threads: any, each for a visitor that it serves. After a false it does so no more: the visitor
// was left to wait, or has left.
#pragma once

#include <chrono>
#include <memory>

#include "door/http_server.h"
#include "door/httplib_server.h"
#include "door/outgoing_answer.h"
#include "door/real_time.h"
#include "door/visitor.h"
#include "door/visitors.h"

namespace emulator {

class Replies {
 public:
  // `visitors` stays the caller's. `send`: HttpServer::Limits; `answer`, `refuse`: HttpServer.
  Replies(Visitors& visitors, std::chrono::milliseconds send, HttpServer::Answer answer,
          HttpServer::Refuse refuse);

  // REQUIRES: its reader has a request. `last`: its connection ends after this one, whatever it
  // wants. True: it may ask again.
  bool Answer(Visitor& visitor, bool last);
  void RefuseAndClose(Visitor& visitor, RequestDefect defect);

  // REQUIRES: kGetting, or kFollowing while waiting has ended. True: it may ask again.
  bool Advance(Visitor& visitor, RealTime now);

  // REQUIRES: kFollowing. Sends what there is more.
  void GoOn(Visitor& visitor);

 private:
  using End = OutgoingAnswer::End;

  bool Begin(Visitor& visitor, HttplibServer::Written answer, End end);
  bool Finish(Visitor& visitor);
  void Park(Visitor& visitor, std::shared_ptr<Sequel> sequel);
  void Follow(Visitor& visitor, std::shared_ptr<Sequel> sequel);
  void SayFarewell(Visitor& visitor);

  Visitors& visitors_;
  const std::chrono::milliseconds send_;
  const HttpServer::Answer answer_;
  const HttpServer::Refuse refuse_;
  HttplibServer library_;
};

}  // namespace emulator
