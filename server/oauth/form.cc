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
  std::string_view media = std::string_view(*type).substr(0, type->find(';'));
  while (media.ends_with(' ') || media.ends_with('\t')) media.remove_suffix(1);
  return EqualIgnoringCase(media, "application/x-www-form-urlencoded");
}

std::variant<Form, const api::Reason*> ReadBodyForm(const http::Request& request) {
  if (!HasFormBody(request)) return &reasons::kNoForm;
  return ReadQueryForm("?" + request.body);
}

std::string EncodeForm(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) {
      encoded += c;
      continue;
    }
    constexpr const char* kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return encoded;
}

std::string WithQuery(const std::string& uri,
                      const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string whole = uri;
  char parted_by = uri.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    whole += parted_by;
    whole.append(EncodeForm(name)).append("=").append(EncodeForm(value));
    parted_by = '&';
  }
  return whole;
}

std::optional<std::vector<std::string>> ReadScopes(std::string_view text) {
  std::vector<std::string> scopes;
  // RFC 6749 appendix A.4.
  const auto may_stand = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view scope = text.substr(start, end - start);
    if (scope.empty() || !std::all_of(scope.begin(), scope.end(), may_stand)) return std::nullopt;
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) scopes.emplace_back(scope);
    start = end + 1;
  }
  return scopes;
}

std::optional<std::vector<std::string>> RequestedScopes(const Form& form) {
  const std::string* asked = form.Find("scope");
  return asked ? ReadScopes(*asked) : std::vector<std::string>{tokens::TokenSpec::kPlatformScope};
}

}  // namespace emulator::oauth
