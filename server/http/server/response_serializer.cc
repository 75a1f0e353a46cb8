#include "http/server/response_serializer.h"

#include <httplib.h>

#include <algorithm>
#include <string_view>

namespace emulator::http::server {

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

class ResponseSerializer::Library : public httplib::Server {
 public:
  Library() {
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& to) {
      Response from = current_->options.answer();
      current_->delivery = from.delivery;
      current_->pending = std::move(from.pending);
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
      const ResponseSerializer::Options& options = current_->options;
      const bool goes_on = current_->pending && current_->pending->next_chunk;
      if (!options.close && !goes_on) {
        to.headers.erase(kConnection);
        if (options.http10) to.headers.emplace(kConnection, "keep-alive");
      }
      if (options.head) to.headers.erase("Accept-Ranges");
      // Without a length: also 204 (RFC 9110 section 8.6).
      if (goes_on || to.status == 204) to.headers.erase("Content-Length");
    });
  }

  Bytes Run(const ResponseSerializer::Options& options) {
    Current current{options, {}, {}};
    current_ = &current;
    MemoryStream stream(options.head ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n");
    ProcessRequest(*this, stream);
    current_ = nullptr;
    return {std::move(stream.out()), current.delivery, std::move(current.pending)};
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
    const ResponseSerializer::Options& options;
    Delivery delivery;
    std::shared_ptr<PendingResponse> pending;
  };
  static thread_local Current* current_;
};

thread_local ResponseSerializer::Library::Current* ResponseSerializer::Library::current_ = nullptr;

ResponseSerializer::ResponseSerializer() : library_(std::make_unique<Library>()) {}
ResponseSerializer::~ResponseSerializer() = default;

ResponseSerializer::Bytes ResponseSerializer::Run(const ResponseSerializer::Options& options) {
  return library_->Run(options);
}

}  // namespace emulator::http::server
