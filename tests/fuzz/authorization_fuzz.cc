// The value of an Authorization header.

#include "door/digest.h"
#include "fuzz_world.h"
#include "identity/access_token.h"

namespace emulator {
namespace {

// What is a Bearer token and what is not, said once more in the plainest way: any letter case,
// then spaces, then one word to the end of the value.
std::string TokenOf(std::string_view value) {
  for (const char* letters = "bearer"; *letters; ++letters) {
    if (value.empty() || (value[0] != *letters && value[0] != *letters - 'a' + 'A')) return "";
    value.remove_prefix(1);
  }
  size_t spaces = 0;
  while (spaces < value.size() && value[spaces] == ' ') ++spaces;
  if (spaces == 0) return "";
  value.remove_prefix(spaces);
  for (const char c : value)
    if (c == ' ' || c == '\t' || c == ',') return "";
  return std::string(value);
}

const Token* FindToken(const FixtureSet& set, const std::string& token) {
  for (const auto& item : set.tokens.items)
    if (item.row.token == token) return &item.row;
  return nullptr;
}

bool HasBegun(const Token& token, Time now) {
  return !token.not_before || now >= ParseTime(*token.not_before).value();
}
bool HasEnded(const Token& token, Time now) {
  return token.expires && now >= ParseTime(*token.expires).value();
}

void CheckShortHash(const std::string& text) {
  Require(text.size() == 11 && text[0] == '#' &&
              text.find_first_not_of("0123456789abcdef", 1) == std::string::npos,
          "an unknown token is called by a short hash", text);
}

void Check(const std::string& value, const char* at) {
  static FuzzWorld world;
  static const Issuer issuer;
  static const TokenVerifier verifier(issuer);
  const Time now = ParseTime(at).value();
  const Request request{.headers = {{"Authorization", value}}};
  Snapshot snapshot = world.world().Look();
  snapshot.now = now;
  const Verdict verdict = verifier.Verify(request, snapshot);
  const auto* defect = std::get_if<TokenDefect>(&verdict.outcome);
  const auto is = [&](TokenDefect expected) { return defect && *defect == expected; };

  const std::string written = TokenOf(value);
  if (written.empty()) {
    Require(is(TokenDefect::kNotBearer) && verdict.token_name.empty() && verdict.client().empty(),
            "only one Bearer token is one");
    return;
  }
  const Token* known = FindToken(world.set, written);
  if (!known) {
    const bool is_like_jwt =
        written.starts_with("eyJ") || std::count(written.begin(), written.end(), '.') == 2;
    Require(is_like_jwt ? is(TokenDefect::kMalformed) || is(TokenDefect::kAlgorithm) ||
                              is(TokenDefect::kUnknownKey) || is(TokenDefect::kBadSignature)
                        : is(TokenDefect::kUnknown),
            "only a known token is known, and nobody guesses a signature");
    Require(verdict.client().empty(), "of an unknown token no client is known");
    CheckShortHash(verdict.token_name);
    return;
  }
  Require(verdict.token_name == known->name && verdict.client() == known->client,
          "a known token is called by its name", verdict.token_name);
  if (known->issuer)
    Require(is(TokenDefect::kWrongIssuer), "the wrong issuer is found out");
  else if (!HasBegun(*known, now))
    Require(is(TokenDefect::kNotYetValid), "no token is good too early");
  else if (HasEnded(*known, now))
    Require(is(TokenDefect::kExpired), "no token is good too late");
  else
    Require(!defect || is(TokenDefect::kUnknownClient), "a good token is good");
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string value(emulator::Bytes(data, size));
  for (const char* at : {"2000-12-31T23:59:59Z", "2026-11-24T12:00:00Z", "2999-01-01T00:00:00Z"})
    emulator::Check(value, at);
  return 0;
}
