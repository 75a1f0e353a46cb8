#include "crypto/signing_key.h"

#include <nlohmann/json.hpp>
#include <thread>

#include "base/base64.h"
#include "base/digest.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::crypto;

namespace {

using nlohmann::json;

const SigningKey& Key() {
  return *TestKey();
}

SignatureRejection DiagnosticFor(std::string_view token) {
  const auto opened = Key().Verify(token);
  REQUIRE(std::holds_alternative<SignatureRejection>(opened));
  return std::get<SignatureRejection>(opened);
}

std::string PayloadOf(std::string_view token) {
  const auto opened = Key().Verify(token);
  REQUIRE(std::holds_alternative<std::string>(opened));
  return std::get<std::string>(opened);
}

// A token with another header, and the signature of the first.
std::string WithHeader(const std::string& token, const std::string& header) {
  return Base64UrlEncode(header) + token.substr(token.find('.'));
}

std::string Sentence(const std::string& pem) {
  try {
    SigningKey key(pem);
  } catch (const SigningKeyError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("what a key signed, it opens") {
  for (const std::string& payload :
       {std::string("{}"), std::string("a\0b", 3), std::string(5000, 'x')})
    CHECK(PayloadOf(Key().Sign(payload)) == payload);
}

TEST_CASE("a token names its algorithm, its type and its key") {
  const std::string token = Key().Sign("{}");
  const auto header = json::parse(*Base64UrlDecode(token.substr(0, token.find('.'))));
  CHECK(header == json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", Key().id()}});
}

TEST_CASE("the public half tells nothing of the private one") {
  const auto jwk = json::parse(Key().public_jwk());
  CHECK(jwk["kty"] == "RSA");
  CHECK(jwk["alg"] == "RS256");
  CHECK(jwk["use"] == "sig");
  CHECK(jwk["kid"] == Key().id());
  CHECK(Base64UrlDecode(jwk["n"].get<std::string>())->size() == 256);
  CHECK(jwk.size() == 6);
}

TEST_CASE("the key's id is the thumbprint of RFC 7638") {
  // The key and the thumbprint of its section 3.1 cannot be signed with here, for the private half
  // is not told; so the rule is applied anew.
  const auto jwk = json::parse(Key().public_jwk());
  const std::string members = R"({"e":")" + jwk["e"].get<std::string>() + R"(","kty":"RSA","n":")" +
                              jwk["n"].get<std::string>() + "\"}";
  CHECK(Key().id() == Base64UrlEncode(Sha256(members)));
}

TEST_CASE("whatever a token's header says, one algorithm and one key count") {
  const std::string token = Key().Sign(R"({"sub":"reader"})");
  const std::string id = Key().id();
  const auto header = [&](const std::string& alg, const std::string& kid) {
    return R"({"alg":")" + alg + R"(","kid":")" + kid + "\"}";
  };
  CHECK(DiagnosticFor(SigningKey::EncodeUnsigned("{}")) == SignatureRejection::kAlgorithm);
  CHECK(DiagnosticFor(Key().SignByPublicKey("{}")) == SignatureRejection::kAlgorithm);
  CHECK(DiagnosticFor(Key().SignAs("another", "{}")) == SignatureRejection::kUnknownKey);
  for (const char* alg : {"none", "None", "NONE", "", "HS256", "RS384", "PS256", "ES256", "rs256"})
    CHECK_MESSAGE(
        DiagnosticFor(WithHeader(token, header(alg, id))) == SignatureRejection::kAlgorithm, alg);
  CHECK(DiagnosticFor(WithHeader(token, R"({"alg":"RS256"})")) == SignatureRejection::kUnknownKey);
  CHECK(DiagnosticFor(WithHeader(token, R"({"alg":"RS256","kid":7})")) ==
        SignatureRejection::kUnknownKey);
  CHECK(DiagnosticFor(WithHeader(token, R"({"alg":["RS256"]})")) == SignatureRejection::kAlgorithm);
  CHECK(DiagnosticFor(WithHeader(token, R"({"kid":"x"})")) == SignatureRejection::kAlgorithm);
  // The header is signed, too.
  CHECK(DiagnosticFor(WithHeader(token, header("RS256", id))) == SignatureRejection::kWrong);
  // A member that stands twice: each reader takes one of the two.
  CHECK(DiagnosticFor(WithHeader(token, R"({"alg":"HS256","alg":"RS256","kid":")" + id + "\"}")) !=
        SignatureRejection::kMalformed);
  CHECK(DiagnosticFor(WithHeader(token, R"({"alg":"RS256","crit":["exp"],"kid":")" + id + "\"}")) ==
        SignatureRejection::kMalformed);
}

TEST_CASE("one changed letter anywhere makes a token worthless") {
  const std::string token = Key().Sign(R"({"sub":"reader"})");
  for (size_t i = 0; i < token.size(); i += 7) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed[i] == token[i]) continue;
    CHECK_MESSAGE(std::holds_alternative<SignatureRejection>(Key().Verify(changed)), changed);
  }
  std::string last = token;
  last.back() = last.back() == 'A' ? 'B' : 'A';
  CHECK(std::holds_alternative<SignatureRejection>(Key().Verify(last)));
}

TEST_CASE("what is no token is told from one with a wrong signature") {
  const std::string token = Key().Sign("{}");
  const size_t first = token.find('.'), last = token.rfind('.');
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        std::string("a.b.c"), token.substr(0, last), token.substr(0, first), token + ".",
        token + ".e30", "." + token, token + "=", " " + token, token + "\n", token.substr(first),
        std::string("e30.e30.@"), Base64UrlEncode("[]") + token.substr(first),
        Base64UrlEncode("{") + token.substr(first), Base64UrlEncode("\xff") + token.substr(first)})
    CHECK_MESSAGE(DiagnosticFor(text) == SignatureRejection::kMalformed, text);
  CHECK(DiagnosticFor(token.substr(0, last + 1)) == SignatureRejection::kWrong);
  CHECK(DiagnosticFor(token.substr(0, last + 1) + "AAAA") == SignatureRejection::kWrong);
  const std::string other = SigningKey().SignAs(Key().id(), "{}");
  CHECK(DiagnosticFor(other) == SignatureRejection::kWrong);
}

TEST_CASE("behind a header that is right no odd part ends the program, and none is signed") {
  const std::string token = Key().Sign("{}");
  const std::string header = token.substr(0, token.find('.') + 1);
  const std::string signature = token.substr(token.rfind('.') + 1);
  std::vector<std::string> parts{"", "A", "AA", "AAA", "AAAA", "e30", "=", "-_", signature};
  for (size_t size = 1; size < 600; size += 37) parts.emplace_back(size, 'A');
  for (const std::string& payload : parts)
    for (const std::string& signed_by : parts)
      if (payload != "e30" || signed_by != signature)
        CHECK(std::holds_alternative<SignatureRejection>(
            Key().Verify(header + payload + "." + signed_by)));
}

TEST_CASE("a key file that is none is refused in a sentence") {
  CHECK(Sentence("").starts_with("is no private key in PEM"));
  CHECK(Sentence("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            .starts_with("is no private key in PEM"));
}

TEST_CASE("concurrency: the key of a process is made once, and signs on many threads") {
  const SigningKeySource source;
  std::vector<std::string> tokens(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < tokens.size(); ++i)
    threads.emplace_back([&, i] { tokens[i] = source.Get().Sign(std::to_string(i)); });
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < tokens.size(); ++i)
    CHECK(std::get<std::string>(source.Get().Verify(tokens[i])) == std::to_string(i));
}
