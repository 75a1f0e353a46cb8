// What visitors get for their requests: has the answers made, sends what of them is due and finds
// room, and leaves the visitor to wait for the rest: for room, for its time (Delivery), for what is
// yet to come (PendingResponse).
// Threads: any, each for a visitor that it serves. After a false it does so no more: the visitor
// was left to wait, or has left.
#pragma once

#include <chrono>
#include <memory>

#include "base/real_time.h"
#include "http/server/connection_poller.h"
#include "http/server/http_connection.h"
#include "http/server/http_server.h"
#include "http/server/paced_response.h"
#include "http/server/response_serializer.h"

namespace emulator::http::server {

class ResponseSender {
 public:
  // `visitors` stays the caller's. `send`: HttpServer::Limits; `answer`, `refuse`: HttpServer.
  ResponseSender(ConnectionPoller& poller, std::chrono::milliseconds send,
                 HttpServer::Answer answer, HttpServer::Refuse refuse);

  // REQUIRES: its reader has a request. `last`: its connection ends after this one, whatever it
  // wants. True: it may ask again.
  bool Answer(HttpConnection& connection, bool last);
  void RefuseAndClose(HttpConnection& connection, RequestParseError defect);

  // REQUIRES: kWriting, or kStreaming while waiting has ended. True: it may ask again.
  bool Advance(HttpConnection& connection, RealTime now);

  // REQUIRES: kStreaming. Sends what there is more.
  void SendNextChunk(HttpConnection& connection);

 private:
  using End = PacedResponse::End;

  bool Begin(HttpConnection& connection, ResponseSerializer::Bytes answer, End end);
  bool Finish(HttpConnection& connection);
  void Suspend(HttpConnection& connection, std::shared_ptr<PendingResponse> pending);
  void Subscribe(HttpConnection& connection, std::shared_ptr<PendingResponse> pending);
  void LingeringClose(HttpConnection& connection);

  ConnectionPoller& poller_;
  const std::chrono::milliseconds send_;
  const HttpServer::Answer answer_;
  const HttpServer::Refuse refuse_;
  ResponseSerializer library_;
};

}  // namespace emulator::http::server
