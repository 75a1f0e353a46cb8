// Fuzzes the value of an Authorization header.

#include "base/digest.h"
#include "fuzz_world.h"
#include "tokens/access_token.h"

namespace emulator {
namespace {

// A second, simple parser of Bearer credentials: the scheme in any letter case, spaces, then one
// word up to the end of the value. Empty if the value is something else.
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

const fixtures::Token* FindToken(const fixtures::FixtureSet& set, const std::string& token) {
  for (const auto& item : set.tokens.items)
    if (item.row.token == token) return &item.row;
  return nullptr;
}

bool HasBegun(const fixtures::Token& token, Time now) {
  return !token.not_before || now >= ParseTime(*token.not_before).value();
}
bool HasEnded(const fixtures::Token& token, Time now) {
  return token.expires && now >= ParseTime(*token.expires).value();
}

void CheckShortHash(const std::string& text) {
  Require(text.size() == 11 && text[0] == '#' &&
              text.find_first_not_of("0123456789abcdef", 1) == std::string::npos,
          "an unknown token is named by a short hash", text);
}

void Check(const std::string& value, const char* at) {
  static FuzzWorld world;
  static const tokens::Issuer issuer;
  static const tokens::TokenVerifier verifier(issuer);
  const Time now = ParseTime(at).value();
  const http::Request request{.headers = {{"Authorization", value}}};
  world::Snapshot snapshot = world.world().TakeSnapshot();
  snapshot.now = now;
  const tokens::Verdict verdict = verifier.Verify(request, snapshot);
  const auto* defect = std::get_if<tokens::TokenRejection>(&verdict.outcome);
  const auto is = [&](tokens::TokenRejection expected) { return defect && *defect == expected; };

  const std::string written = TokenOf(value);
  if (written.empty()) {
    Require(is(tokens::TokenRejection::kNotBearer) && verdict.token_name.empty() &&
                verdict.client().empty(),
            "only one Bearer token is accepted");
    return;
  }
  const fixtures::Token* known = FindToken(world.set, written);
  if (!known) {
    const bool is_like_jwt =
        written.starts_with("eyJ") || std::count(written.begin(), written.end(), '.') == 2;
    Require(is_like_jwt ? is(tokens::TokenRejection::kMalformed) ||
                              is(tokens::TokenRejection::kAlgorithm) ||
                              is(tokens::TokenRejection::kUnknownKey) ||
                              is(tokens::TokenRejection::kBadSignature)
                        : is(tokens::TokenRejection::kUnknown),
            "an unlisted token is unknown or has no valid signature");
    Require(verdict.client().empty(), "an unknown token has no client");
    CheckShortHash(verdict.token_name);
    return;
  }
  Require(verdict.token_name == known->name && verdict.client() == known->client,
          "a known token is named by its name", verdict.token_name);
  if (known->issuer)
    Require(is(tokens::TokenRejection::kWrongIssuer), "a token of another issuer is rejected");
  else if (!HasBegun(*known, now))
    Require(is(tokens::TokenRejection::kNotYetValid), "no token is valid before its start");
  else if (HasEnded(*known, now))
    Require(is(tokens::TokenRejection::kExpired), "no token is valid after its end");
  else
    Require(!defect || is(tokens::TokenRejection::kUnknownClient), "a valid token is accepted");
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string value(emulator::Bytes(data, size));
  for (const char* at : {"2000-12-31T23:59:59Z", "2026-11-24T12:00:00Z", "2999-01-01T00:00:00Z"})
    emulator::Check(value, at);
  return 0;
}
