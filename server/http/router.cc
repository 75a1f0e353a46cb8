#include "http/router.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"

namespace emulator::http {

namespace {

// The segments of "/a/b": "a", "b". A trailing slash makes an empty last segment.
void SplitPath(std::string_view path, std::vector<std::string_view>& segments) {
  segments.clear();
  if (!path.starts_with('/')) return;
  for (size_t start = 1;;) {
    const size_t slash = path.find('/', start);
    segments.push_back(path.substr(start, slash - start));
    if (slash == std::string_view::npos) return;
    start = slash + 1;
  }
}

bool IsParameter(std::string_view segment) {
  return segment.starts_with('{');
}

// REQUIRES: `segment` decodes.
bool MatchesSegment(std::string_view expected, std::string_view segment) {
  if (IsParameter(expected)) return !segment.empty();
  if (segment.find('%') == std::string_view::npos) return EqualIgnoringCase(expected, segment);
  return EqualIgnoringCase(expected, *PercentDecode(segment));
}

void AllowMethod(std::string& allow, std::string_view method) {
  if (!allow.empty()) allow += ", ";
  allow += method;
  if (method == "GET") allow += ", HEAD";
}

}  // namespace

const std::string& PathParameters::operator[](std::string_view name) const {
  for (const auto& [key, value] : values_)
    if (key == name) return value;
  throw std::logic_error("no path parameter " + std::string(name));
}

Router::Router(std::span<const Route> routes) {
  for (const Route& route : routes) {
    rows_.push_back({route.method, {}});
    SplitPath(route.path, rows_.back().segments);
  }
}

RouteMatch Router::Find(std::string_view method, std::string_view path) const {
  thread_local std::vector<std::string_view> parts;  // reused, to keep its memory
  SplitPath(path, parts);
  for (const std::string_view segment : parts)
    if (segment.find('%') != std::string_view::npos && !PercentDecode(segment))
      return {.outcome = RouteMatch::Outcome::kMalformedPath};

  const std::string_view served_method = method == "HEAD" ? "GET" : method;
  RouteMatch match;
  for (size_t row = 0; row < rows_.size(); ++row) {
    const auto& segments = rows_[row].segments;
    if (!std::equal(segments.begin(), segments.end(), parts.begin(), parts.end(), MatchesSegment))
      continue;
    AllowMethod(match.allow, rows_[row].method);
    if (rows_[row].method != served_method) continue;

    match.outcome = RouteMatch::Outcome::kFound;
    match.row = row;
    for (size_t i = 0; i < segments.size(); ++i)
      if (IsParameter(segments[i]))
        match.parameters.Add(segments[i].substr(1, segments[i].size() - 2),
                             *PercentDecode(parts[i]));
    return match;
  }
  if (!match.allow.empty()) {
    match.allow += ", OPTIONS";
    match.outcome =
        method == "OPTIONS" ? RouteMatch::Outcome::kOptions : RouteMatch::Outcome::kUnknownMethod;
  }
  return match;
}

}  // namespace emulator::http
