#include "http/http_client.h"

#include <httplib.h>

#include <algorithm>
#include <exception>

namespace emulator::http {

bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time) {
  httplib::Client client(host, port);
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  const auto result = client.Get(path);
  return result && result->status == 200;
}

ClientResponse Send(const std::string& url, const Request& request,
                    std::chrono::milliseconds time) try {
  const size_t path_start = std::min(url.find('/', url.find("//") + 2), url.size());
  httplib::Client client(url.substr(0, path_start));
  if (!client.is_valid()) return {};
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  httplib::Headers fields;
  for (const Header& header : request.headers) fields.emplace(header.name, header.value);
  std::string prefix = url.substr(path_start);
  while (prefix.ends_with('/')) prefix.pop_back();
  // The library writes the Content-Type header itself.
  const auto type = fields.find("Content-Type");
  const std::string media = type == fields.end() ? "" : type->second;
  fields.erase("Content-Type");
  auto result = request.method == "POST"
                    ? client.Post(prefix + request.target, fields, request.body, media)
                    : client.Get(prefix + request.target, fields);
  if (!result) return {.is_untrusted = result.error() == httplib::Error::SSLServerVerification};
  return {.response = Response{.status = result->status, .body = std::move(result->body)}};
} catch (const std::exception&) {  // a scheme that the library does not know
  return {};
}

}  // namespace emulator::http
