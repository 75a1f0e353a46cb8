#include "control/control.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "api/unrouted.h"
#include "embedded.h"

namespace emulator {

namespace {

using nlohmann::ordered_json;

struct Row {
  Route route;
  std::string_view meaning;
  Response (*answer)();
};

Response Json(std::string body) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Response Explain();

// Alive: the program answers. Ready: it serves requests, which it does from its first answer on,
// because it does not listen before its fixtures are loaded.
Response Alive() {
  return Json(R"({"status":"alive"})");
}
Response Ready() {
  return Json(R"({"status":"ready"})");
}
Response Schema() {
  return Json(std::string(embedded::kFixturesSchema));
}

const std::vector<Row>& Rows() {
  static const std::vector<Row> kRows{
      {{"GET", "/"}, "this list", Explain},
      {{"GET", "/_emulator"}, "this list", Explain},
      {{"GET", "/_emulator/livez"}, "is the emulator alive", Alive},
      {{"GET", "/_emulator/readyz"}, "does it serve", Ready},
      {{"GET", "/_emulator/fixtures.schema.json"}, "the JSON Schema of fixture files", Schema},
  };
  return kRows;
}

Response Explain() {
  const auto row = [](const Route& route, std::string_view meaning) {
    return ordered_json{{"method", route.method}, {"path", route.path}, {"meaning", meaning}};
  };
  ordered_json list;
  list["name"] = "Export Emulator";
  list["version"] = EMULATOR_VERSION;
  list["meaning"] =
      "A local stand-in for the iTwin Platform Export API. It is not the vendor's service.";
  for (const Operation& operation : Operations())
    list["operations"].push_back(row(operation.route, operation.name));
  for (const Row& own : Rows()) list["emulator"].push_back(row(own.route, own.meaning));
  return Json(list.dump(2) + "\n");
}

std::vector<Route> Routes() {
  std::vector<Route> routes;
  for (const Row& row : Rows()) routes.push_back(row.route);
  return routes;
}

}  // namespace

Control::Control() : router_(Routes()) {}

bool Control::Owns(std::string_view path) {
  constexpr std::string_view kPrefix = "/_emulator";
  return path == "/" || (EqualIgnoringCase(path.substr(0, kPrefix.size()), kPrefix) &&
                         (path.size() == kPrefix.size() || path[kPrefix.size()] == '/'));
}

Response Control::Answer(const Request& request) const {
  const RouteMatch match = router_.Find(request);
  if (auto answer = AnswerUnrouted(match)) return std::move(answer->response);
  return Rows()[match.row].answer();
}

}  // namespace emulator
