// Fuzzes the text of a fixture file: it is rejected with sentences, or stored and read back
// unchanged.

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "fixtures/fixture_file.h"
#include "fixtures/fixture_json.h"
#include "fixtures/fixture_store.h"
#include "fuzz.h"

namespace emulator {
namespace {

constexpr const char* kName = "fuzz.json";

// Form: "fuzz.json:12: /place: mistake; remedy."
void CheckSentences(const fixtures::FixtureError& error, std::string_view text) {
  const std::string_view all(error.what());
  const std::vector<std::string> sentences = Lines(all);
  Require(sentences.size() <= 20, "there are at most 20 sentences", all);
  for (const std::string& sentence : sentences) {
    const std::string start = std::string(kName) + ":";
    Require(sentence.starts_with(start), "a sentence starts with the file name", all);
    const size_t end = sentence.find(": ", start.size());
    Require(end != std::string::npos, "the line number follows", all);
    const std::string number = sentence.substr(start.size(), end - start.size());
    Require(!number.empty() && number.size() < 8 &&
                number.find_first_not_of("0123456789") == std::string::npos,
            "the line number is a number", all);
    const auto line = std::stoul(number);
    Require(1 <= line && line <= Lines(text).size(), "the line number is in the file", all);
    Require(sentence.ends_with('.') || sentence.ends_with('?'),
            "a sentence ends with a full stop or question mark", all);
    Require(std::none_of(sentence.begin(), sentence.end(),
                         [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }),
            "a sentence is safe to print", all);
  }
}

// Secrets that are long enough to be recognized in other text and occur exactly once in the file.
std::vector<std::string> Secrets(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> secrets;
  const auto collect = [&](const char* section, const char* member) {
    if (!document.is_object() || !document.contains(section)) return;
    for (const auto& item : document[section]) {
      if (!item.is_object() || !item.contains(member) || !item[member].is_string()) continue;
      const auto secret = item[member].get<std::string>();
      const size_t at = text.find(secret);
      if (secret.size() >= 8 && at != std::string::npos &&
          text.find(secret, at + 1) == std::string::npos)
        secrets.push_back(secret);
    }
  };
  collect("tokens", "token");
  collect("clients", "secret");
  return secrets;
}

// The text with the secret replaced by another of the same length and kinds of characters.
std::string WithAnother(const std::string& secret, std::string text) {
  std::string other = secret;
  for (char& c : other)
    if (std::isalnum(static_cast<unsigned char>(c)))
      c = c == 'z' ? 'a' : c == 'Z' ? 'A' : c == '9' ? '0' : static_cast<char>(c + 1);
  return text.replace(text.find(secret), secret.size(), other);
}

// Empty if the text is accepted.
std::string RefusalOf(const std::string& text) {
  try {
    const fixtures::FixtureStore store(fixtures::ReadFixtures({{kName, text}}));
    return "";
  } catch (const fixtures::FixtureError& error) {
    return error.what();
  }
}

void CheckRefusal(const fixtures::FixtureError& error, const std::string& text) {
  CheckSentences(error, text);
  const std::string_view all(error.what());
  for (const std::string& secret : Secrets(text)) {
    if (all.find(secret) == std::string_view::npos) continue;
    // The secret may equal words of the sentence, such as "at least": these occur with any secret.
    Require(RefusalOf(WithAnother(secret, text)).find(secret) != std::string::npos,
            "no secret appears in a message", all);
  }
}

// --- Accepted fixtures ---

std::optional<Time> Stored(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(ParseTime(*text).value());
}

void CheckConnections(const fixtures::FixtureSet& set, fixtures::FixtureStore& store) {
  Require(store.CountConnections() == static_cast<int64_t>(set.connections.items.size()),
          "every connection is stored");
  for (const auto& item : set.connections.items) {
    const auto row = store.FindConnection(item.row.id);
    Require(row != nullptr, "a connection is found", item.row.id);
    Require(row->json == fixtures::JsonOf(item.row), "a stored connection is unchanged", row->json);
    if (item.position > 0) continue;  // costly
    const fixtures::FixtureSet pasted =
        fixtures::ReadFixtures({{kName, "{\"connections\":[{\"connection\":" + row->json + "}]}"}});
    Require(pasted.connections.items.at(0).row == item.row,
            "a response pasted into a file is read unchanged", row->json);
  }
}

void CheckReaders(const fixtures::FixtureSet& set, fixtures::FixtureStore& store) {
  for (const auto& user : set.users.items)
    for (const std::string& id : user.row.connections) {
      if (id != "*") {
        Require(store.MayRead(user.row.id, id), "a permission is stored", id);
        continue;
      }
      for (const auto& connection : set.connections.items)
        Require(store.MayRead(user.row.id, connection.row.id),
                "a permission for all connections is stored", connection.row.id);
    }
}

void CheckTokens(const fixtures::FixtureSet& set, fixtures::FixtureStore& store) {
  for (const auto& item : set.tokens.items) {
    const fixtures::Token& token = item.row;
    const auto row = store.FindToken(token.token);
    Require(row != nullptr, "a token is found", token.token);
    const std::string name = token.name.empty() ? ShortHash(token.token).substr(1) : token.name;
    Require(row->token.name == name && row->token.client == token.client &&
                row->token.user == token.user && row->token.scopes == token.scopes &&
                row->token.issuer == token.issuer,
            "a stored token is unchanged", token.token);
    Require(row->not_before == Stored(token.not_before) && row->expires == Stored(token.expires),
            "the times of a token are unchanged", token.token);
    for (const auto& client : set.clients.items) {
      if (client.row.id != token.client) continue;
      Require(row->client.tier == client.row.tier &&
                  row->client.registered == client.row.registered &&
                  row->client.rate_limits == client.row.rate_limits &&
                  row->user == (token.user ? token.user : client.row.user),
              "the client of a token is unchanged", client.row.id);
    }
  }
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  const std::string text(Bytes(data, size));
  try {
    const fixtures::FixtureSet set = fixtures::ReadFixtures({{kName, text}});
    fixtures::FixtureStore store(set);
    CheckConnections(set, store);
    CheckReaders(set, store);
    CheckTokens(set, store);
    const std::string written = fixtures::WriteFixtures(store.ReadAll());
    Require(fixtures::WriteFixtures(
                fixtures::FixtureStore(fixtures::ReadFixtures({{kName, written}})).ReadAll()) ==
                written,
            "a store saved as a file is read unchanged", written);
  } catch (const fixtures::FixtureError& error) {
    CheckRefusal(error, text);
  }
  return 0;
}
