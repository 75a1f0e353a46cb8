// Answers requests: calls the handler, serializes its response and sends it. Bytes that cannot be
// sent yet wait in the poller: for room in the socket, for their time (Delivery), or for the rest
// of the response (PendingResponse).
//
// Threads: any, each for a connection that it serves. When a function returns false or void, the
// connection waits or is closed, and the caller no longer serves it.
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
  // `poller` stays the caller's. `send_timeout`: HttpServer::Limits::send. The handlers must not
  // throw.
  ResponseSender(ConnectionPoller& poller, std::chrono::milliseconds send_timeout,
                 HttpServer::Handler handler, HttpServer::ErrorHandler error_handler);

  // REQUIRES: the parser has a complete request. `last`: close the connection after this response,
  // even if the client would keep it. True: the client may send another request.
  bool Respond(HttpConnection& connection, bool last);
  void RefuseAndClose(HttpConnection& connection, RequestParseError error);

  // Sends what is due. REQUIRES: kWriting, or kStreaming after the wait has ended. True: the client
  // may send another request.
  bool Advance(HttpConnection& connection, RealTime now);

  // REQUIRES: kStreaming. Sends the next chunk of the response.
  void SendNextChunk(HttpConnection& connection);

 private:
  using End = PacedResponse::End;

  bool Begin(HttpConnection& connection, Response response,
             const ResponseSerializer::Options& options, End end);
  bool Finish(HttpConnection& connection);
  void Suspend(HttpConnection& connection, std::shared_ptr<PendingResponse> pending);
  void Subscribe(HttpConnection& connection, std::shared_ptr<PendingResponse> pending);
  void LingeringClose(HttpConnection& connection);

  ConnectionPoller& poller_;
  const std::chrono::milliseconds send_timeout_;
  const HttpServer::Handler handler_;
  const HttpServer::ErrorHandler error_handler_;
  ResponseSerializer serializer_;
};

}  // namespace emulator::http::server
