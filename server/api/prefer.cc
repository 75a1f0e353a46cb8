#include "api/prefer.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "api/errors.h"
#include "base/text.h"
#include "http/headers.h"
#include "http/request.h"
#include "http/response.h"

namespace emulator::api {

namespace {

// Removes and returns the text before the next separator outside quotes; removes the separator.
std::string_view Cut(std::string_view& text, char separator) {
  size_t end = 0;
  for (bool quoted = false; end < text.size() && (quoted || text[end] != separator); ++end) {
    if (text[end] == '"') quoted = !quoted;
    if (text[end] == '\\' && quoted) ++end;
  }
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return before;
}

// A token unchanged, a quoted string without its quotes and backslashes.
std::string Unquoted(std::string_view word) {
  if (!word.starts_with('"')) return std::string(word);
  std::string text;
  for (size_t i = 1; i < word.size() && word[i] != '"'; ++i) {
    if (word[i] == '\\' && i + 1 < word.size()) ++i;
    text += word[i];
  }
  return text;
}

// The value of a preference in one field. Commas separate preferences, semicolons their parameters.
// Empty: the preference has no value. nullopt: the field does not have it.
std::optional<std::string> FindPreference(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    std::string_view preference = Cut(field, ',');
    std::string_view value = Cut(preference, ';');
    if (EqualIgnoringCase(Trim(Cut(value, '=')), name)) return Unquoted(Trim(value));
  }
  return std::nullopt;
}

// The first one counts (RFC 7240 section 2).
std::optional<std::string> PreferredCode(const http::Headers& headers) {
  for (const http::Header& field : headers)
    if (EqualIgnoringCase(field.name, "Prefer"))
      if (auto code = FindPreference(field.value, "code")) return code;
  return std::nullopt;
}

std::string DocumentedStatuses(const Operation& operation) {
  std::string list;
  for (const int status : operation.Statuses())
    list.append(list.empty() ? "" : ", ").append(std::to_string(status));
  return list;
}

}  // namespace

std::optional<HandlerResult> AnswerPreference(const http::Request& request,
                                              const Operation& operation,
                                              const world::ApiProfile& profile) {
  const auto code = PreferredCode(request.headers);
  if (!code) return std::nullopt;
  for (const int status : operation.successes)
    if (*code == std::to_string(status)) return std::nullopt;

  for (const ApiError* refusal : operation.refusals) {
    if (*code != std::to_string(refusal->status)) continue;
    http::Response response = RefuseAsChosen(operation.In(profile.edition, *refusal));
    if (profile.no_retry_after) response.headers.Remove("retry-after");
    response.headers.Add("Preference-Applied", "code=" + *code);
    return HandlerResult{std::move(response), &reasons::kPrefer};
  }
  return HandlerResult{Refuse(errors::kPreferenceUndocumented, DocumentedStatuses(operation)),
                       &reasons::kPreferUndocumented};
}

}  // namespace emulator::api
