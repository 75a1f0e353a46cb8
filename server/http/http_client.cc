#include "http/http_client.h"

#include <httplib.h>

#include <algorithm>

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
                    std::chrono::milliseconds time) {
  const size_t at = std::min(url.find('/', url.find("//") + 2), url.size());
  httplib::Client client(url.substr(0, at));
  if (!client.is_valid()) return {};
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  httplib::Headers fields;
  for (const Header& header : request.headers) fields.emplace(header.name, header.value);
  std::string prefix = url.substr(at);
  while (prefix.ends_with('/')) prefix.pop_back();
  // The library writes the body's type itself.
  const auto type = fields.find("Content-Type");
  const std::string media = type == fields.end() ? "" : type->second;
  fields.erase("Content-Type");
  auto result = request.method == "POST"
                    ? client.Post(prefix + request.target, fields, request.body, media)
                    : client.Get(prefix + request.target, fields);
  if (!result) return {.is_untrusted = result.error() == httplib::Error::SSLServerVerification};
  return {.response = Response{.status = result->status, .body = std::move(result->body)}};
}

}  // namespace emulator::http
