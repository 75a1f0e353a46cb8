// One client of the door: its socket, the request that it sends, the answer that it gets.
// Threads: one at a time: one that serves it, or the one that waits for all (clients.h).
#pragma once

#include <cstdint>

#include "door/client_socket.h"
#include "door/outgoing_answer.h"
#include "door/real_time.h"
#include "door/request_reader.h"

namespace emulator {

struct Client {
  enum class Stage {
    kIdle,     // between requests
    kAsking,   // within a request
    kGetting,  // it is being sent its answer
    kLeaving,  // answered for the last time: only its own close is awaited
  };

  Client(uint64_t name, int descriptor, const ReadLimits& limits)
      : id(name), socket(descriptor), reader(limits) {}

  const uint64_t id;  // never that of another client, unlike the descriptor
  ClientSocket socket;
  RequestReader reader;
  OutgoingAnswer answer;
  Stage stage = Stage::kIdle;
  RealTime deadline{};  // of its request, or of its leaving
};

}  // namespace emulator
