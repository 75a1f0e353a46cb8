#include "api/paging.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/parameters.h"

namespace emulator::api {

namespace {

constexpr int64_t kUsualTop = 50;
constexpr int64_t kMostTop = 1000;
constexpr int64_t kMostSkip = 1'000'000'000;

int64_t ReadOne(const http::Request& request, std::string_view name, int64_t least, int64_t most,
                int64_t usual, std::vector<ErrorDetail>& wrong) {
  const Parameter parameter = FindParameter(request, name);
  if (!parameter.is_there) return usual;
  if (const auto number = ReadNumber(parameter.value.value_or(""), least, most)) return *number;
  wrong.push_back(InvalidValue(name));
  return usual;
}

}  // namespace

fixtures::PageRange ReadPageRange(const http::Request& request, std::vector<ErrorDetail>& wrong) {
  fixtures::PageRange range;
  range.top = ReadOne(request, "$top", 1, kMostTop, kUsualTop, wrong);
  range.skip = ReadOne(request, "$skip", 0, kMostSkip, 0, wrong);
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
