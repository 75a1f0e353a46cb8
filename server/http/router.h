// Finds the row of a route table for a request, or the reason for 404 and 405. The vendor's
// operations and the emulator's own calls use the same rules.
//
// Literal segments compare without case: the vendor's pages write `authorizationinformation` and
// real clients `authorizationInformation` [I]. Parameters keep their case: ids are case-sensitive
// [D]. Paths are not normalized: `..` is an ordinary id, and an empty segment matches nothing.
//
// Threads: immutable after construction.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.h"

namespace emulator::http {

struct Route {
  std::string_view method;  // GET also answers HEAD
  std::string_view path;    // "/export/connections/{connectionId}"
};

// The routes of a table's rows, in order.
template <typename Rows>
std::vector<Route> RoutesOf(const Rows& rows) {
  std::vector<Route> routes;
  for (const auto& row : rows) routes.push_back(row.route);
  return routes;
}

class PathParameters {
 public:
  // REQUIRES: the matched route has a parameter of that name.
  const std::string& operator[](std::string_view name) const;
  void Add(std::string_view name, std::string value) {
    values_.emplace_back(name, std::move(value));
  }

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

struct RouteMatch {
  enum class Outcome {
    kFound,
    kOptions,        // OPTIONS on a known path
    kUnknownPath,    // 404
    kUnknownMethod,  // 405
    kMalformedPath,  // 400: a '%' without two hexadecimal digits
  };
  Outcome outcome = Outcome::kUnknownPath;
  size_t row = 0;             // the index in the table, if found
  PathParameters parameters;  // percent-decoded once; may hold any byte, '/' and NUL too
  std::string allow;          // the methods of a known path, for the Allow header
};

class Router {
 public:
  // RouteMatch::row is an index into `routes`. The texts must outlive the router.
  explicit Router(std::span<const Route> routes);

  RouteMatch Find(std::string_view method, std::string_view path) const;
  RouteMatch Find(const Request& request) const { return Find(request.method, request.Path()); }

 private:
  struct Row {
    std::string_view method;
    std::vector<std::string_view> segments;
  };
  std::vector<Row> rows_;
};

}  // namespace emulator::http
