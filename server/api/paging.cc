#include "api/paging.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/parameters.h"
#include "base/text.h"

namespace emulator::api {

namespace {

constexpr int64_t kDefaultTop = 50;
constexpr uint64_t kMaxTop = 1000;
constexpr uint64_t kMaxSkip = 1'000'000'000;

int64_t ReadOne(const http::Request& request, std::string_view name, uint64_t least, uint64_t most,
                int64_t fallback, std::vector<ErrorDetail>& invalid) {
  const Parameter parameter = FindParameter(request, name);
  if (!parameter.is_there) return fallback;
  if (const auto number = ParseWholeNumber(parameter.value.value_or(""), least, most))
    return static_cast<int64_t>(*number);
  invalid.push_back(InvalidValue(name));
  return fallback;
}

}  // namespace

fixtures::PageRange ReadPageRange(const http::Request& request, std::vector<ErrorDetail>& invalid) {
  fixtures::PageRange range;
  range.top = ReadOne(request, "$top", 1, kMaxTop, kDefaultTop, invalid);
  range.skip = ReadOne(request, "$skip", 0, kMaxSkip, 0, invalid);
  return range;
}

nlohmann::ordered_json PageLinks(const std::string& url, const fixtures::PageRange& range,
                                 int64_t total) {
  const auto link = [&](int64_t skip) {
    return nlohmann::ordered_json{
        {"href", url + "$skip=" + std::to_string(skip) + "&$top=" + std::to_string(range.top)}};
  };
  nlohmann::ordered_json links{{"self", link(range.skip)}};
  if (range.skip > 0) links["prev"] = link(std::max<int64_t>(range.skip - range.top, 0));
  if (range.skip + range.top < total) links["next"] = link(range.skip + range.top);
  return links;
}

}  // namespace emulator::api
