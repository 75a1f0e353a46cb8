#include "tokens/claims.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/strict_json.h"

namespace emulator::tokens {

namespace {

using nlohmann::json;
using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::seconds;

int64_t SecondsOf(Time time) {
  return floor<seconds>(time).time_since_epoch().count();
}

// Reads claims and remembers whether any had the wrong type.
class ClaimReader {
 public:
  explicit ClaimReader(const json& claims) : claims_(claims) {}

  bool is_valid() const { return is_valid_; }

  std::string Text(const char* name) {
    const json* claim = Find(name);
    if (!claim) return {};
    return Expect(claim->is_string()) ? claim->get<std::string>() : std::string();
  }

  // NumericDate: seconds, with or without a fraction.
  std::optional<Time> Date(const char* name) {
    const json* claim = Find(name);
    if (!claim || !Expect(claim->is_number())) return std::nullopt;
    const auto number = claim->get<double>();
    const auto least = static_cast<double>(SecondsOf(kFirstTime));
    const auto most = static_cast<double>(SecondsOf(kLastTime));
    if (!Expect(number >= least && number <= most)) return std::nullopt;
    return Time(duration_cast<std::chrono::microseconds>(duration<double>(number)));
  }

  // An array of strings, or one string that `split` splits.
  template <typename Split>
  std::optional<std::vector<std::string>> Texts(const char* name, Split split) {
    const json* claim = Find(name);
    if (!claim) return std::nullopt;
    if (claim->is_string()) return split(claim->get<std::string>());
    std::vector<std::string> texts;
    if (!Expect(claim->is_array())) return texts;
    for (const json& text : *claim)
      if (Expect(text.is_string())) texts.push_back(text.get<std::string>());
    return texts;
  }

 private:
  const json* Find(const char* name) {
    const auto found = claims_.find(name);
    return found == claims_.end() ? nullptr : &*found;
  }
  bool Expect(bool condition) {
    is_valid_ = is_valid_ && condition;
    return condition;
  }

  const json& claims_;
  bool is_valid_ = true;
};

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> Whole(const std::string& text) {
  return {text};
}

}  // namespace

std::string WriteClaims(const Claims& claims) {
  nlohmann::ordered_json text;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text[name] = value;
  };
  add("iss", claims.issuer);
  if (!claims.audience.empty()) text["aud"] = claims.audience;
  add("sub", claims.subject);
  add("client_id", claims.client_id);
  if (claims.scopes) text["scope"] = *claims.scopes;
  if (claims.issued_at) text["iat"] = SecondsOf(*claims.issued_at);
  if (claims.not_before) text["nbf"] = SecondsOf(*claims.not_before);
  text["exp"] = SecondsOf(claims.expires);
  add("jti", claims.id);
  add("nonce", claims.nonce);
  return text.dump();
}

std::optional<Claims> ReadClaims(std::string_view text) {
  json object;
  try {
    object = ParseStrictJson(text);
  } catch (const JsonTextError&) {
    return std::nullopt;
  }
  if (!object.is_object()) return std::nullopt;
  ClaimReader reader(object);
  Claims claims{.issuer = reader.Text("iss"),
                .audience = reader.Texts("aud", Whole).value_or(std::vector<std::string>()),
                .subject = reader.Text("sub"),
                .client_id = reader.Text("client_id"),
                .scopes = reader.Texts("scope", Words),
                .issued_at = reader.Date("iat"),
                .not_before = reader.Date("nbf"),
                .expires = {},
                .id = reader.Text("jti")};
  const auto expires = reader.Date("exp");
  if (!reader.is_valid() || !expires) return std::nullopt;
  claims.expires = *expires;
  return claims;
}

}  // namespace emulator::tokens
