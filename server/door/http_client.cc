#include "door/http_client.h"

#include <httplib.h>

namespace emulator {

bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time) {
  httplib::Client client(host, port);
  client.set_connection_timeout(time);
  client.set_read_timeout(time);
  const auto result = client.Get(path);
  return result && result->status == 200;
}

}  // namespace emulator
