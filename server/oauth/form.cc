#include "oauth/form.h"

#include <algorithm>

#include "base/text.h"
#include "http/query.h"
#include "oauth/reasons.h"
#include "tokens/token_maker.h"

namespace emulator::oauth {

const std::string* Form::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Form::Text(std::string_view name) const {
  const std::string* value = Find(name);
  return value ? *value : std::string();
}

std::variant<Form, const api::Reason*> ReadQueryForm(std::string_view target) {
  Form form;
  for (const auto& [sent_name, sent_value] : http::QueryParts(target)) {
    const auto name = http::DecodeForm(sent_name);
    auto value = http::DecodeForm(sent_value);
    if (!name || !value) return &reasons::kFormMalformed;
    if (value->empty()) continue;
    if (!form.values_.emplace(*name, std::move(*value)).second) return &reasons::kParameterRepeated;
  }
  return form;
}

bool HasFormBody(const http::Request& request) {
  const std::string* type = request.headers.Find("Content-Type");
  if (!type) return false;
  const std::string_view media = std::string_view(*type).substr(0, type->find(';'));
  return EqualIgnoringCase(Trim(media), "application/x-www-form-urlencoded");
}

std::variant<Form, const api::Reason*> ReadBodyForm(const http::Request& request) {
  if (!HasFormBody(request)) return &reasons::kNoForm;
  return ReadQueryForm("?" + request.body);
}

std::string WithQuery(const std::string& uri,
                      const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string extended = uri;
  char separator = uri.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    extended += separator;
    extended.append(PercentEncode(name)).append("=").append(PercentEncode(value));
    separator = '&';
  }
  return extended;
}

std::optional<std::vector<std::string>> ReadScopes(std::string_view text) {
  std::vector<std::string> scopes;
  // RFC 6749 appendix A.4.
  const auto is_scope_char = [](char c) { return IsVisible(c) && c != '"' && c != '\\'; };
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view scope = text.substr(start, end - start);
    if (scope.empty() || !std::all_of(scope.begin(), scope.end(), is_scope_char))
      return std::nullopt;
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) scopes.emplace_back(scope);
    start = end + 1;
  }
  return scopes;
}

std::optional<std::vector<std::string>> RequestedScopes(const Form& form) {
  const std::string* scopes = form.Find("scope");
  return scopes ? ReadScopes(*scopes) : std::vector<std::string>{tokens::TokenSpec::kPlatformScope};
}

}  // namespace emulator::oauth
