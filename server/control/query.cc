#include "control/query.h"

#include <algorithm>
#include <charconv>

#include "api/errors.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

Response RefuseQuery(std::string message, const std::string& name = "") {
  return Refuse(control_errors::kInvalidQuery, {.message = std::move(message), .target = name});
}

}  // namespace

const std::string* Query::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::variant<Query, Response> ReadQuery(const Request& request,
                                        std::span<const std::string_view> known) {
  const bool is_there = request.target.size() > request.Path().size();
  if (is_there && known.empty()) return Refuse(control_errors::kInvalidQuery);

  const std::vector<std::string> names(known.begin(), known.end());
  Query query;
  for (const auto& part : QueryParts(request.target)) {
    const auto name = DecodeForm(part.first);
    const auto value = DecodeForm(part.second);
    if (!name || !value)
      return RefuseQuery("The query has a '%' that is not followed by two hexadecimal digits.");
    const auto row = std::find_if(names.begin(), names.end(), [&](const std::string& candidate) {
      return EqualIgnoringCase(candidate, *name);
    });
    if (row == names.end())
      return RefuseQuery("The query parameter \"" + *name + "\" is not known." +
                             DidYouMean(*name, names) + " Known here: " + Listed(names) + ".",
                         *name);
    if (value->empty())
      return RefuseQuery("The query parameter \"" + *row + "\" is empty; leave it out.", *row);
    if (!query.values_.emplace(*row, *value).second)
      return RefuseQuery("The query parameter \"" + *row + "\" is given twice; give it once.",
                         *row);
  }
  return query;
}

std::optional<uint64_t> WholeNumber(std::string_view text, uint64_t least, uint64_t most) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    return std::nullopt;
  return number;
}

}  // namespace emulator
