#include "http/request.h"

namespace emulator::http {

std::string_view Request::Path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string OriginOf(const Request& request) {
  const std::string* host = request.headers.Find("Host");
  return (request.secure ? "https://" : "http://") +
         (host && !host->empty() ? *host : std::string("localhost"));
}

}  // namespace emulator::http
