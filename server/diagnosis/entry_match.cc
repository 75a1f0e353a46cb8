#include "diagnosis/entry_match.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "diagnosis/contract_warnings.h"
#include "http/path_pattern.h"
#include "http/query.h"
#include "world/world_registry.h"

namespace emulator::diagnosis {

namespace {

using nlohmann::json;

// Members of a match that compare exactly.
constexpr std::pair<std::string_view, std::string_view journal::JournalEntry::*> kExact[] = {
    {"operation", &journal::JournalEntry::operation},
    {"connectionId", &journal::JournalEntry::connection_id},
    {"client", &journal::JournalEntry::client},
    {"user", &journal::JournalEntry::user},
    {"token", &journal::JournalEntry::token},
    {"gate", &journal::JournalEntry::gate},
    {"reason", &journal::JournalEntry::reason},
};

std::optional<std::string> TextIn(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return std::nullopt;
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::vector<std::pair<std::string, std::optional<std::string>>> NamedIn(const json& match,
                                                                        const char* member) {
  std::vector<std::pair<std::string, std::optional<std::string>>> named;
  if (const auto found = match.find(member); found != match.end())
    for (const auto& [name, value] : found->items())
      named.emplace_back(name,
                         value.is_null() ? std::nullopt : std::optional(value.get<std::string>()));
  return named;
}

bool MatchesStatus(std::string_view pattern, int status) {
  const std::string text = std::to_string(status);
  return pattern == text || (pattern.size() == 3 && text.size() == 3 && pattern[0] == text[0] &&
                             pattern.substr(1) == "xx");
}

std::string OrNone(std::string_view text) {
  return text.empty() ? "none" : std::string(text);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs HeadersOf(const journal::JournalEntry& entry) {
  const auto headers = entry.headers.Read();
  return {headers.begin(), headers.end()};
}

Pairs QueryOf(const journal::JournalEntry& entry) {
  const auto decoded = [](std::string_view text) {
    return http::DecodeForm(text).value_or(std::string(text));
  };
  Pairs pairs;
  for (const auto& [name, value] : http::QueryParts(entry.target))
    pairs.emplace_back(decoded(name), decoded(value));
  return pairs;
}

void CompareNamed(const std::vector<std::pair<std::string, std::optional<std::string>>>& expected,
                  const Pairs& found, const char* kind, std::vector<Difference>& differences) {
  for (const auto& member : expected) {
    const auto& value = member.second;
    const auto is_named = [&](const auto& pair) {
      return EqualIgnoringCase(pair.first, member.first);
    };
    const auto matches = [&](const auto& pair) { return is_named(pair) && pair.second == *value; };
    const auto first = std::find_if(found.begin(), found.end(), is_named);
    const bool is_present = first != found.end();
    if (value ? std::any_of(first, found.end(), matches) : !is_present) continue;
    differences.push_back({std::string(kind) + "/" + member.first, value.value_or("none"),
                           is_present ? first->second : "none"});
  }
}

}  // namespace

EntryMatch ReadEntryMatch(const json& match) {
  EntryMatch read{.method = TextIn(match, "method"),
                  .path = TextIn(match, "path"),
                  .status = TextIn(match, "status"),
                  .contract_warning = TextIn(match, "contractWarning"),
                  .headers = NamedIn(match, "headers"),
                  .query = NamedIn(match, "query")};
  for (const auto& [name, _] : kExact)
    if (auto value = TextIn(match, std::string(name).c_str()))
      read.exact.emplace_back(name, std::move(*value));
  return read;
}

bool IsStatusPattern(std::string_view text) {
  if (text == "0") return true;
  return text.size() == 3 && text[0] >= '1' && text[0] <= '5' &&
         (text.substr(1) == "xx" || std::all_of(text.begin(), text.end(), IsDigit));
}

std::vector<Difference> Differences(const EntryMatch& match, const journal::JournalEntry& entry) {
  std::vector<Difference> differences;
  if (match.method && *match.method != entry.method)
    differences.push_back({"method", *match.method, std::string(entry.method)});
  const std::string_view path = world::PathWithin(entry.target);
  if (match.path && !http::MatchesPath(*match.path, path))
    differences.push_back({"path", *match.path, std::string(path)});
  if (match.status && !MatchesStatus(*match.status, entry.status))
    differences.push_back({"status", *match.status, std::to_string(entry.status)});
  for (const auto& [name, value] : match.exact)
    for (const auto& [known, member] : kExact)
      if (known == name && entry.*member != value)
        differences.push_back({name, value, OrNone(entry.*member)});
  if (match.contract_warning) {
    std::vector<std::string> found;
    for (const ContractWarning& warning : FindContractWarnings(entry))
      found.emplace_back(warning.code);
    if (std::find(found.begin(), found.end(), *match.contract_warning) == found.end())
      differences.push_back({"contractWarning", *match.contract_warning, OrNone(Join(found))});
  }
  if (!match.headers.empty()) CompareNamed(match.headers, HeadersOf(entry), "headers", differences);
  if (!match.query.empty()) CompareNamed(match.query, QueryOf(entry), "query", differences);
  return differences;
}

bool Matches(const EntryMatch& match, const journal::JournalEntry& entry) {
  return Differences(match, entry).empty();
}

}  // namespace emulator::diagnosis
