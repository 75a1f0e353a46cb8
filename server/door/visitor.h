// A visitor of the door: one connection of a client, with its socket, the request that comes on it,
// the answer that goes.
// Threads: one at a time: one that serves it, or the one that waits for all (visitors.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "door/client_socket.h"
#include "door/http.h"
#include "door/outgoing_answer.h"
#include "door/real_time.h"
#include "door/request_reader.h"

namespace emulator {

struct Visitor {
  enum class Stage {
    kIdle,       // between requests
    kAsking,     // within a request
    kAwaiting,   // it asked, and there is no answer yet
    kGetting,    // it is being sent its answer
    kFollowing,  // it was sent all there is yet of an answer that goes on
    kLeaving,    // answered for the last time: only its own close is awaited
  };

  Visitor(uint64_t name, int descriptor, const TlsContext* tls, const ReadLimits& limits)
      : id(name), socket(descriptor, tls), reader(limits) {}
  ~Visitor() { Follow(nullptr, {}); }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  // What of its answer is yet to come, from now on; nullptr: nothing. Its bell calls `ring`, and
  // the one before is not heard any more.
  void Follow(std::shared_ptr<Sequel> next, std::function<void()> ring) {
    if (sequel && sequel->bell) sequel->bell->OnRing({});
    sequel = std::move(next);
    if (sequel && sequel->bell) sequel->bell->OnRing(std::move(ring));
  }

  const uint64_t id;  // never that of another visitor, unlike the descriptor
  ClientSocket socket;
  RequestReader reader;
  OutgoingAnswer answer;
  std::shared_ptr<Sequel> sequel;  // of that answer; set by Follow
  Stage stage = Stage::kIdle;
  RealTime deadline{};  // of its request, or of its leaving
};

}  // namespace emulator
