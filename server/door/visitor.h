// A visitor of the door: one connection of a client, with its socket, the request that comes on it,
// the answer that goes.
// Threads: one at a time: one that serves it, or the one that waits for all (visitors.h).
#pragma once

#include <cstdint>

#include "door/client_socket.h"
#include "door/outgoing_answer.h"
#include "door/real_time.h"
#include "door/request_reader.h"

namespace emulator {

struct Visitor {
  enum class Stage {
    kIdle,     // between requests
    kAsking,   // within a request
    kGetting,  // it is being sent its answer
    kLeaving,  // answered for the last time: only its own close is awaited
  };

  Visitor(uint64_t name, int descriptor, const ReadLimits& limits)
      : id(name), socket(descriptor), reader(limits) {}

  const uint64_t id;  // never that of another visitor, unlike the descriptor
  ClientSocket socket;
  RequestReader reader;
  OutgoingAnswer answer;
  Stage stage = Stage::kIdle;
  RealTime deadline{};  // of its request, or of its leaving
};

}  // namespace emulator
