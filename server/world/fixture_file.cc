#include "world/fixture_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "embedded.h"
#include "world/json_shape.h"
#include "world/json_text.h"

namespace emulator {

namespace {

using nlohmann::json;

constexpr size_t kMostSentences = 20;

using Defects = std::vector<JsonDefect>;

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::optional<std::string> OptionalText(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return std::nullopt;
  return found->get<std::string>();
}

std::vector<std::string> Texts(const json& object, const char* member) {
  return object.value(member, std::vector<std::string>());
}

std::optional<std::string> Link(const json& connection, const char* name) {
  const auto links = connection.find("_links");
  if (links == connection.end() || !links->contains(name)) return std::nullopt;
  return links->at(name).at("href").get<std::string>();
}

Connection ToRow(const json& item, const Connection*) {
  const json& c = item.contains("connection") ? item["connection"] : item;
  return {.id = c["id"],
          .i_model_id = OptionalText(c, "iModelId"),
          .i_twin_id = OptionalText(c, "iTwinId"),
          .display_name = OptionalText(c, "displayName"),
          .authentication_type = OptionalText(c, "authenticationType"),
          .i_model_link = Link(c, "iModel"),
          .i_twin_link = Link(c, "iTwin"),
          .project_link = Link(c, "project"),
          .last_run_link = Link(c, "lastRun")};
}

User ToRow(const json& item, const User*) {
  return {.id = item["id"], .connections = Texts(item, "connections")};
}

Client ToRow(const json& item, const Client*) {
  Client client{.id = item["id"],
                .secret = OptionalText(item, "secret"),
                .tier = item["tier"],
                .user = OptionalText(item, "user"),
                .registered = item.value("registered", true),
                .rate_limits = {},
                .redirect_uris = Texts(item, "redirectUris")};
  for (const json& limit : item.value("rateLimits", json::array()))
    client.rate_limits.push_back(
        {limit["limit"].get<int64_t>(), std::chrono::seconds(limit["seconds"].get<int64_t>())});
  return client;
}

Token ToRow(const json& item, const Token*) {
  return {.token = item["token"],
          .name = item.value("name", ""),
          .user = OptionalText(item, "user"),
          .client = item["client"],
          .scopes = Texts(item, "scopes"),
          .issuer = OptionalText(item, "issuer"),
          .not_before = OptionalText(item, "notBefore"),
          .expires = OptionalText(item, "expires")};
}

// Times that have the right form and still are none, such as the 30th of February.
Defects JudgeTimes(const json& document) {
  Defects defects;
  const json tokens = document.value("tokens", json::array());
  for (size_t i = 0; i < tokens.size(); ++i)
    for (const char* member : {"notBefore", "expires"})
      if (const auto text = OptionalText(tokens[i], member); text && !ParseTime(*text))
        defects.push_back(
            {"/tokens/" + std::to_string(i) + "/" + member,
             "is \"" + *text +
                 "\", which is no time; wanted: a time such as \"2030-01-01T00:00:00Z\"."});
  return defects;
}

// The sentences of one file's defects, in the order of its lines.
std::vector<std::string> Told(const FixtureSet& set, size_t file, const Defects& defects) {
  std::vector<std::pair<size_t, std::string>> lines;
  for (const auto& [pointer, sentence] : defects)
    lines.emplace_back(LineOf(set.texts[file].text, pointer),
                       set.Place(file, pointer) + ": " + sentence);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> sentences;
  for (auto& [_, sentence] : lines) sentences.push_back(std::move(sentence));
  return sentences;
}

template <typename Row>
void Append(Section<Row>& section, const json& document, size_t file) {
  const auto items = document.find(section.name);
  if (items == document.end()) return;
  for (size_t position = 0; position < items->size(); ++position)
    section.items.push_back(
        {ToRow((*items)[position], static_cast<const Row*>(nullptr)), file, position});
}

}  // namespace

FixtureError::FixtureError(const std::vector<std::string>& sentences)
    : std::runtime_error(JoinLines(sentences)) {}

std::string FixtureSet::Place(size_t file, const std::string& pointer) const {
  const FixtureText& text = texts[file];
  return text.name + ":" + std::to_string(LineOf(text.text, pointer)) + ": " +
         (pointer.empty() ? "/" : pointer);
}

FixtureSet ReadFixtures(std::vector<FixtureText> texts) {
  FixtureSet set;
  set.texts = std::move(texts);
  const JsonShape shape(embedded::kFixturesSchema);
  std::vector<std::string> sentences;
  for (size_t file = 0; file < set.texts.size(); ++file) {
    const FixtureText& text = set.texts[file];
    try {
      const json document = ParseStrictJson(text.text);
      auto defects = shape.Judge(document);
      if (defects.empty()) defects = JudgeTimes(document);
      for (const auto& sentence : Told(set, file, defects)) sentences.push_back(sentence);
      if (!defects.empty()) continue;
      Append(set.connections, document, file);
      Append(set.users, document, file);
      Append(set.clients, document, file);
      Append(set.tokens, document, file);
    } catch (const JsonTextError& error) {
      const std::string pointer = error.pointer().empty() ? "" : error.pointer() + ": ";
      sentences.push_back(text.name + ":" + std::to_string(error.line()) + ": " + pointer +
                          error.what());
    }
  }
  if (sentences.size() > kMostSentences) sentences.resize(kMostSentences);
  if (!sentences.empty()) throw FixtureError(sentences);
  return set;
}

}  // namespace emulator
