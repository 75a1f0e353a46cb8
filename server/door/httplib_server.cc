#include "door/httplib_server.h"

#include <httplib.h>

#include <algorithm>
#include <string_view>

namespace emulator {

namespace {

// What the library reads and writes in place of a socket. The functions are those of
// httplib::Stream in all releases from 0.11 to 0.41; each release asks for some of them, so none
// can be marked override.
class MemoryStream : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view in) : in_(in) {}

  ssize_t read(char* to, size_t size) {
    const size_t count = std::min(size, in_.size());
    in_.copy(to, count);
    in_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  time_t duration() const { return 0; }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  socket_t socket() const { return 0; }

  std::string& out() { return out_; }

 private:
  std::string_view in_;
  std::string out_;
};

}  // namespace

class HttplibServer::Library : public httplib::Server {
 public:
  Library() {
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& to) {
      Response from = current_->exchange.answer();
      current_->delivery = from.delivery;
      current_->sequel = std::move(from.sequel);
      to.status = from.status;
      // Not by set_header, which looks at every byte for line ends: what comes from a client was
      // found to have none by the reader of its request.
      for (const Header& header : from.headers) to.headers.emplace(header.name, header.value);
      to.body = std::move(from.body);
      return HandlerResponse::Handled;
    });
    // Ours do not throw. If one did, the library would show what() in a header.
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& to, const std::exception_ptr&) {
          to = {};
          to.status = 500;
        });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& to) {
      static const std::string kConnection = "Connection";
      const Exchange& exchange = current_->exchange;
      const bool goes_on = current_->sequel && current_->sequel->next;
      if (!exchange.close && !goes_on) {
        to.headers.erase(kConnection);
        if (exchange.http10) to.headers.emplace(kConnection, "keep-alive");
      }
      if (exchange.head) to.headers.erase("Accept-Ranges");
      // Without a length: also 204 (RFC 9110 section 8.6).
      if (goes_on || to.status == 204) to.headers.erase("Content-Length");
    });
  }

  Written Run(const Exchange& exchange) {
    Current current{exchange, {}, {}};
    current_ = &current;
    MemoryStream stream(exchange.head ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n");
    ProcessRequest(*this, stream);
    current_ = nullptr;
    return {std::move(stream.out()), current.delivery, std::move(current.sequel)};
  }

 private:
  // The library is always told to close: it then writes "Connection: close", which is taken back
  // above, and not a Keep-Alive header, which costs it more. Releases from 0.28 on would close
  // after every error, and an emulator answers many on purpose. Those from 0.18 on want the
  // addresses, too.
  template <typename Self>
  static void ProcessRequest(Self& self, httplib::Stream& stream) {
    constexpr bool kClose = true;
    bool closed = false;
    const std::string address;
    if constexpr (requires {
                    self.process_request(stream, address, 0, address, 0, kClose, closed, nullptr);
                  })
      self.process_request(stream, address, 0, address, 0, kClose, closed, nullptr);
    else
      self.process_request(stream, kClose, closed, nullptr);
  }

  // The library's handlers are given no context of ours.
  struct Current {
    const Exchange& exchange;
    Delivery delivery;
    std::shared_ptr<Sequel> sequel;
  };
  static thread_local Current* current_;
};

thread_local HttplibServer::Library::Current* HttplibServer::Library::current_ = nullptr;

HttplibServer::HttplibServer() : library_(std::make_unique<Library>()) {}
HttplibServer::~HttplibServer() = default;

HttplibServer::Written HttplibServer::Run(const Exchange& exchange) {
  return library_->Run(exchange);
}

}  // namespace emulator
