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

SignatureRejection RejectionOf(std::string_view token) {
  const auto result = Key().Verify(token);
  REQUIRE(std::holds_alternative<SignatureRejection>(result));
  return std::get<SignatureRejection>(result);
}

std::string PayloadOf(std::string_view token) {
  const auto result = Key().Verify(token);
  REQUIRE(std::holds_alternative<std::string>(result));
  return std::get<std::string>(result);
}

// The token with another header and the same signature.
std::string WithHeader(const std::string& token, const std::string& header) {
  return Base64UrlEncode(header) + token.substr(token.find('.'));
}

std::string KeyErrorFor(const std::string& pem) {
  try {
    SigningKey key(pem);
  } catch (const SigningKeyError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a key verifies what it signed") {
  for (const std::string& payload :
       {std::string("{}"), std::string("a\0b", 3), std::string(5000, 'x')})
    CHECK(PayloadOf(Key().Sign(payload)) == payload);
}

TEST_CASE("a token names its algorithm, its type and its key") {
  const std::string token = Key().Sign("{}");
  const auto header = json::parse(*Base64UrlDecode(token.substr(0, token.find('.'))));
  CHECK(header == json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", Key().id()}});
}

TEST_CASE("the JWK contains only the public key") {
  const auto jwk = json::parse(Key().public_jwk());
  CHECK(jwk["kty"] == "RSA");
  CHECK(jwk["alg"] == "RS256");
  CHECK(jwk["use"] == "sig");
  CHECK(jwk["kid"] == Key().id());
  CHECK(Base64UrlDecode(jwk["n"].get<std::string>())->size() == 256);
  CHECK(jwk.size() == 6);
}

TEST_CASE("the key's id is the thumbprint of RFC 7638") {
  // RFC 7638 has an example in section 3.1, but without the private key that SigningKey needs.
  const auto jwk = json::parse(Key().public_jwk());
  const std::string members = R"({"e":")" + jwk["e"].get<std::string>() + R"(","kty":"RSA","n":")" +
                              jwk["n"].get<std::string>() + "\"}";
  CHECK(Key().id() == Base64UrlEncode(Sha256(members)));
}

TEST_CASE("only one algorithm and one key count, whatever the header says") {
  const std::string token = Key().Sign(R"({"sub":"reader"})");
  const std::string id = Key().id();
  const auto header = [&](const std::string& alg, const std::string& kid) {
    return R"({"alg":")" + alg + R"(","kid":")" + kid + "\"}";
  };
  CHECK(RejectionOf(SigningKey::EncodeUnsigned("{}")) == SignatureRejection::kAlgorithm);
  CHECK(RejectionOf(Key().SignByPublicKey("{}")) == SignatureRejection::kAlgorithm);
  CHECK(RejectionOf(Key().SignAs("another", "{}")) == SignatureRejection::kUnknownKey);
  for (const char* alg : {"none", "None", "NONE", "", "HS256", "RS384", "PS256", "ES256", "rs256"})
    CHECK_MESSAGE(RejectionOf(WithHeader(token, header(alg, id))) == SignatureRejection::kAlgorithm,
                  alg);
  CHECK(RejectionOf(WithHeader(token, R"({"alg":"RS256"})")) == SignatureRejection::kUnknownKey);
  CHECK(RejectionOf(WithHeader(token, R"({"alg":"RS256","kid":7})")) ==
        SignatureRejection::kUnknownKey);
  CHECK(RejectionOf(WithHeader(token, R"({"alg":["RS256"]})")) == SignatureRejection::kAlgorithm);
  CHECK(RejectionOf(WithHeader(token, R"({"kid":"x"})")) == SignatureRejection::kAlgorithm);
  // The header is signed, too.
  CHECK(RejectionOf(WithHeader(token, header("RS256", id))) == SignatureRejection::kWrong);
  // A repeated member: parsers differ in which one they take.
  CHECK(RejectionOf(WithHeader(token, R"({"alg":"HS256","alg":"RS256","kid":")" + id + "\"}")) !=
        SignatureRejection::kMalformed);
  CHECK(RejectionOf(WithHeader(token, R"({"alg":"RS256","crit":["exp"],"kid":")" + id + "\"}")) ==
        SignatureRejection::kMalformed);
}

TEST_CASE("a token with one changed character is rejected") {
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

TEST_CASE("a malformed token is distinguished from one with a wrong signature") {
  const std::string token = Key().Sign("{}");
  const size_t first = token.find('.'), last = token.rfind('.');
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        std::string("a.b.c"), token.substr(0, last), token.substr(0, first), token + ".",
        token + ".e30", "." + token, token + "=", " " + token, token + "\n", token.substr(first),
        std::string("e30.e30.@"), Base64UrlEncode("[]") + token.substr(first),
        Base64UrlEncode("{") + token.substr(first), Base64UrlEncode("\xff") + token.substr(first)})
    CHECK_MESSAGE(RejectionOf(text) == SignatureRejection::kMalformed, text);
  CHECK(RejectionOf(token.substr(0, last + 1)) == SignatureRejection::kWrong);
  CHECK(RejectionOf(token.substr(0, last + 1) + "AAAA") == SignatureRejection::kWrong);
  const std::string other = SigningKey().SignAs(Key().id(), "{}");
  CHECK(RejectionOf(other) == SignatureRejection::kWrong);
}

TEST_CASE("odd parts after a valid header are rejected and do not end the program") {
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

TEST_CASE("text that is not a key is rejected") {
  CHECK(KeyErrorFor("").starts_with("is no private key in PEM"));
  CHECK(KeyErrorFor("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            .starts_with("is no private key in PEM"));
}

TEST_CASE("concurrency: the key of a process is generated once and signs on many threads") {
  const SigningKeySource source;
  std::vector<std::string> tokens(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < tokens.size(); ++i)
    threads.emplace_back([&, i] { tokens[i] = source.Get().Sign(std::to_string(i)); });
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < tokens.size(); ++i)
    CHECK(std::get<std::string>(source.Get().Verify(tokens[i])) == std::to_string(i));
}
