#include "control/query.h"

#include <algorithm>

#include "api/errors.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "http/query.h"

namespace emulator::control {

namespace {

http::Response RefuseQuery(std::string message, const std::string& name = "") {
  return api::Refuse(api::control_errors::kInvalidQuery,
                     {.message = std::move(message), .target = name});
}

}  // namespace

const std::string* Query::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::variant<Query, http::Response> ReadQuery(const http::Request& request,
                                              std::span<const std::string_view> known) {
  const bool has_query = request.target.size() > request.Path().size();
  if (has_query && known.empty()) return api::Refuse(api::control_errors::kInvalidQuery);

  const std::vector<std::string> names(known.begin(), known.end());
  Query query;
  for (const auto& part : http::QueryParts(request.target)) {
    const auto name = http::DecodeForm(part.first);
    const auto value = http::DecodeForm(part.second);
    if (!name || !value)
      return RefuseQuery(
          "The query has a '%' that is not followed by two hexadecimal digits. Write '%25' for "
          "'%'.");
    const auto row = std::find_if(names.begin(), names.end(), [&](const std::string& candidate) {
      return EqualIgnoringCase(candidate, *name);
    });
    if (row == names.end())
      return RefuseQuery("Unknown query parameter \"" + *name + "\"." + DidYouMean(*name, names) +
                             " Known here: " + Join(names) + ".",
                         *name);
    if (value->empty())
      return RefuseQuery("The query parameter \"" + *row + "\" is empty; leave it out.", *row);
    if (!query.values_.emplace(*row, *value).second)
      return RefuseQuery("The query parameter \"" + *row + "\" is given twice; give it once.",
                         *row);
  }
  return query;
}

}  // namespace emulator::control
