#include "http/server/response_serializer.h"

#include <httplib.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace emulator::http::server {

namespace {

// The library's input and output in place of a socket. The functions are those of httplib::Stream
// in all releases from 0.11 to 0.41. No release declares all of them, so none is marked override.
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

// A server object of the library. The library passes no context to its handlers, so each object
// holds the response that it serializes, and serves one call at a time.
class ResponseSerializer::Library : public httplib::Server {
 public:
  Library() {
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      to.status = response_.status;
      // Not by set_header, which searches every byte for line ends: the request parser lets no
      // line end from a client through.
      for (const Header& header : response_.headers) to.headers.emplace(header.name, header.value);
      to.body = std::move(response_.body);
      return HandlerResponse::Handled;
    });
    // By default the library shows what() of an exception in a header.
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& to, const std::exception_ptr&) {
          to = {};
          to.status = 500;
        });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      static const std::string kConnection = "Connection";
      if (!options_.close && !options_.streaming) {
        to.headers.erase(kConnection);
        if (options_.http10) to.headers.emplace(kConnection, "keep-alive");
      }
      if (options_.head) to.headers.erase("Accept-Ranges");
      // Without a length: also 204 (RFC 9110 section 8.6).
      if (options_.streaming || to.status == 204) to.headers.erase("Content-Length");
    });
  }

  std::string Serialize(Response response, const ResponseSerializer::Options& options) {
    response_ = std::move(response);
    options_ = options;
    MemoryStream stream(options.head ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n");
    ProcessRequest(*this, stream);
    response_ = {};
    return std::move(stream.out());
  }

 private:
  // The library is always asked to close: it then writes "Connection: close", which the
  // post-routing handler removes, and no Keep-Alive header, which costs more. Releases from 0.28 on
  // would close after every error, and an emulator answers many on purpose. Releases from 0.18 on
  // also take the addresses.
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

  Response response_;
  ResponseSerializer::Options options_;
};

ResponseSerializer::ResponseSerializer() = default;
ResponseSerializer::~ResponseSerializer() = default;

std::string ResponseSerializer::Serialize(Response response, const Options& options) {
  std::unique_ptr<Library> library = TakeLibrary();
  std::string bytes = library->Serialize(std::move(response), options);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(library));
  return bytes;
}

std::unique_ptr<ResponseSerializer::Library> ResponseSerializer::TakeLibrary() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Library> library = std::move(idle_.back());
      idle_.pop_back();
      return library;
    }
  }
  return std::make_unique<Library>();
}

}  // namespace emulator::http::server
