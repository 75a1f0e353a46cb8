// One running emulator: which face of it a request is for (the vendor's API or its own), and what
// every answer carries whatever the face: date, correlation id, CORS, a line in the log.
// Threads: any.
#pragma once

#include "access_log.h"
#include "api/service.h"
#include "control/control.h"
#include "door/http.h"
#include "door/real_time.h"
#include "door/request_reader.h"
#include "world/world.h"

namespace emulator {

class Emulator {
 public:
  // All three stay the caller's and outlive the emulator.
  Emulator(const Service& service, World& world, AccessLog& log)
      : service_(service), world_(world), log_(log) {}

  Response Answer(const Request& request);

  // The answer to what never became a request.
  Response RefuseUnread(RequestDefect defect);

 private:
  Decision Decide(const Request& request);
  Response Finish(const Request& request, Decision decision, RealTime start);

  const Service& service_;
  const Control control_;
  World& world_;
  AccessLog& log_;
};

}  // namespace emulator
