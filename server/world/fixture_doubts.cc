#include "world/fixture_doubts.h"

#include <algorithm>
#include <unordered_map>

#include "world/clock.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

bool IsNeverValid(const Token& token) {
  return token.not_before && token.expires &&
         ParseTime(*token.not_before).value() >= ParseTime(*token.expires).value();
}

// RFC 6749 section 3.1.2.
bool IsRedirectUri(std::string_view uri) {
  const size_t colon = uri.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < uri.size() &&
         uri.find('#') == std::string_view::npos;
}

}  // namespace

std::vector<std::string> Doubts(const FixtureSet& set, const std::vector<std::string>& scopes) {
  std::unordered_map<std::string_view, const Client*> clients;
  for (const auto& item : set.clients.items) clients.emplace(item.row.id, &item.row);

  std::vector<std::string> sentences;
  for (const auto& item : set.clients.items)
    for (size_t i = 0; i < item.row.redirect_uris.size() && sentences.size() < kMostSentences; ++i)
      if (!IsRedirectUri(item.row.redirect_uris[i]))
        sentences.push_back(set.DefectOf(set.clients, item, "/redirectUris/" + std::to_string(i),
                                         "is no absolute URI without '#', so nobody is sent there.")
                                .Told());
  for (const auto& item : set.tokens.items) {
    if (sentences.size() >= kMostSentences) break;
    const auto doubt = [&](const std::string& member, const std::string& sentence) {
      sentences.push_back(set.DefectOf(set.tokens, item, member, sentence).Told());
    };
    const Token& token = item.row;
    const auto found = clients.find(token.client);
    if (found == clients.end()) continue;  // the store will refuse it
    const Client& client = *found->second;
    for (size_t i = 0; i < token.scopes.size(); ++i) {
      const std::string& scope = token.scopes[i];
      if (std::find(scopes.begin(), scopes.end(), scope) != scopes.end()) continue;
      const std::string hint = DidYouMean(scope, scopes);
      if (!hint.empty())
        doubt("/scopes/" + std::to_string(i),
              "no operation asks for the scope \"" + scope + "\"." + hint);
    }
    if (IsNeverValid(token))
      doubt("/expires", "is not later than notBefore, so the token is never valid (always 401).");
    // The token of an unknown client is refused before it acts for anybody.
    if (!token.user && !client.user && client.registered)
      doubt("",
            "acts for nobody, so it may read no connection (always 403); give it a \"user\", or "
            "give one to its client.");
  }
  if (sentences.size() > kMostSentences) sentences.resize(kMostSentences);
  return sentences;
}

}  // namespace emulator
