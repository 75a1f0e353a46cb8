#include "api/parameters.h"

#include "base/text.h"
#include "http/query.h"

namespace emulator::api {

Parameter FindParameter(const http::Request& request, std::string_view name) {
  Parameter found;
  for (const auto& [raw_name, raw_value] : http::QueryParts(request.target)) {
    const auto decoded = http::DecodeForm(raw_name);
    if (!decoded || !EqualIgnoringCase(*decoded, name)) continue;
    found.value = found.is_there ? std::nullopt : http::DecodeForm(raw_value);
    found.is_there = true;
  }
  return found;
}

}  // namespace emulator::api
