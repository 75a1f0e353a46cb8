// The smallest cpp-httplib server: one constant response, no decisions, no log. bench.py compares
// the emulator with it. It uses the library's best settings: with the defaults it is 20 times
// slower (Nagle) and starves its 9th client.
//
// Usage: bench-constant PORT FILE-WITH-THE-BODY

#include <httplib.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench-constant PORT FILE\n";
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  const std::string body(std::istreambuf_iterator<char>(file), {});

  httplib::Server server;
  // A connection keeps its thread while it is open: have more threads than bench.py has
  // connections.
  server.new_task_queue = [] { return new httplib::ThreadPool(300); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_keep_alive_timeout(60);
  int listening = -1;
  server.set_socket_options([&](auto socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    listening = socket;
  });
  // Not a route: routes are regular expressions, which cost more than the whole response.
  server.set_pre_routing_handler([&](const httplib::Request&, httplib::Response& response) {
    response.set_content(body.data(), body.size(), "application/json");
    return httplib::Server::HandlerResponse::Handled;
  });

  if (body.empty() || !server.bind_to_port("127.0.0.1", std::atoi(argv[1]))) {
    std::cerr << "bench-constant: no body, or the port is taken\n";
    return 1;
  }
  ::listen(listening,
           1024);  // the library's backlog of 5 drops some of 256 simultaneous connections
  return server.listen_after_bind() ? 0 : 1;
}
