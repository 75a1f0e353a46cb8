#include "door/http_client.h"

#include <httplib.h>

#include <algorithm>

namespace emulator {

bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time) {
  httplib::Client client(host, port);
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  const auto result = client.Get(path);
  return result && result->status == 200;
}

Asked Ask(const std::string& url, const std::string& path, const Headers& headers,
          std::chrono::milliseconds time) {
  const size_t at = std::min(url.find('/', url.find("//") + 2), url.size());
  httplib::Client client(url.substr(0, at));
  if (!client.is_valid()) return {};
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  httplib::Headers fields;
  for (const Header& header : headers) fields.emplace(header.name, header.value);
  std::string prefix = url.substr(at);
  while (prefix.ends_with('/')) prefix.pop_back();
  auto result = client.Get(prefix + path, fields);
  if (!result) return {.is_untrusted = result.error() == httplib::Error::SSLServerVerification};
  return {.response = Response{.status = result->status, .body = std::move(result->body)}};
}

}  // namespace emulator
