#include "crypto/signing_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/base64.h"
#include "base/digest.h"
#include "crypto/openssl_ptr.h"

namespace emulator::crypto {

namespace {

constexpr int kBits = 2048;
constexpr const char* kAlgorithm = "RS256";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::shared_ptr<EVP_PKEY> GenerateRsaKey() {
  std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(static_cast<size_t>(kBits)), EVP_PKEY_free);
  if (!key) throw std::runtime_error("OpenSSL cannot generate an RSA key");
  return key;
}

std::shared_ptr<EVP_PKEY> ParseRsaKey(const std::string& pem) {
  const OpensslPtr<BIO> reader(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // Without a callback, OpenSSL asks for the passphrase of an encrypted key on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  if (!key)
    throw SigningKeyError(
        "is no private key in PEM that is not encrypted. Make one: openssl genpkey -algorithm RSA "
        "-out FILE.");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < kBits)
    throw SigningKeyError(
        "is no RSA key of 2048 bits or more, which RS256 needs. Make one: openssl genpkey "
        "-algorithm RSA -out FILE.");
  return key;
}

// A number of the public key, big-endian, in base64url (RFC 7518 section 6.3.1).
std::string PublicNumber(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
    throw std::runtime_error("OpenSSL cannot read the public RSA key");
  const OpensslPtr<BIGNUM> owner(number);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  return Base64UrlEncode(bytes);
}

std::string SignByRsa(EVP_PKEY* key, std::string_view text) {
  std::string signature(static_cast<size_t>(EVP_PKEY_get_size(key)), '\0');
  size_t size = signature.size();
  const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Bytes(text), text.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  signature.resize(size);
  return signature;
}

bool HasRsaSignature(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1)
    throw std::runtime_error("OpenSSL cannot verify signatures");
  const int valid =
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text), text.size());
  ERR_clear_error();
  return valid == 1;
}

std::string SignByHmac(std::string_view secret, std::string_view text) {
  std::string signature(32, '\0');
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Bytes(text), text.size(),
            reinterpret_cast<unsigned char*>(signature.data()), nullptr))
    throw std::runtime_error("OpenSSL cannot compute an HMAC");
  return signature;
}

// The header and the payload of a token, as they are signed.
std::string SigningInput(const char* algorithm, std::string_view key_id, std::string_view payload) {
  const nlohmann::ordered_json header{{"alg", algorithm}, {"typ", "JWT"}, {"kid", key_id}};
  return Base64UrlEncode(header.dump()) + "." + Base64UrlEncode(payload);
}

struct CompactForm {
  std::string header;
  std::string payload;
  std::string signature;
  std::string_view signing_input;  // into the token
};

// nullopt unless there are exactly three parts in canonical base64url.
std::optional<CompactForm> ParseCompactForm(std::string_view token) {
  const size_t first = token.find('.');
  const size_t last = token.rfind('.');
  if (first == last) return std::nullopt;
  auto header = Base64UrlDecode(token.substr(0, first));
  auto payload = Base64UrlDecode(token.substr(first + 1, last - first - 1));
  auto signature = Base64UrlDecode(token.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return CompactForm{std::move(*header), std::move(*payload), std::move(*signature),
                     token.substr(0, last)};
}

}  // namespace

SigningKey::SigningKey() : SigningKey(GenerateRsaKey()) {}

SigningKey::SigningKey(const std::string& pem) : SigningKey(ParseRsaKey(pem)) {}

SigningKey::SigningKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {
  // The members of the thumbprint, in the order of RFC 7638 section 3.
  nlohmann::ordered_json jwk{{"e", PublicNumber(key_.get(), OSSL_PKEY_PARAM_RSA_E)},
                             {"kty", "RSA"},
                             {"n", PublicNumber(key_.get(), OSSL_PKEY_PARAM_RSA_N)}};
  id_ = Base64UrlEncode(Sha256(jwk.dump()));
  jwk["kid"] = id_;
  jwk["use"] = "sig";
  jwk["alg"] = kAlgorithm;
  public_jwk_ = jwk.dump();
}

std::string SigningKey::Sign(std::string_view payload) const {
  return SignAs(id_, payload);
}

std::string SigningKey::SignAs(std::string_view key_id, std::string_view payload) const {
  const std::string text = SigningInput(kAlgorithm, key_id, payload);
  return text + "." + Base64UrlEncode(SignByRsa(key_.get(), text));
}

std::string SigningKey::SignByPublicKey(std::string_view payload) const {
  const std::string text = SigningInput("HS256", id_, payload);
  return text + "." + Base64UrlEncode(SignByHmac(public_jwk_, text));
}

std::string SigningKey::EncodeUnsigned(std::string_view payload) {
  return Base64UrlEncode(R"({"alg":"none","typ":"JWT"})") + "." + Base64UrlEncode(payload) + ".";
}

std::variant<std::string, SignatureRejection> SigningKey::Verify(std::string_view token) const {
  auto parts = ParseCompactForm(token);
  if (!parts) return SignatureRejection::kMalformed;
  const auto header = nlohmann::json::parse(parts->header, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) return SignatureRejection::kMalformed;
  // "crit" names members that a verifier must understand (RFC 7515 section 4.1.11). This one
  // understands none.
  if (header.contains("crit")) return SignatureRejection::kMalformed;
  if (!header.contains("alg") || header["alg"] != kAlgorithm) return SignatureRejection::kAlgorithm;
  if (!header.contains("kid") || header["kid"] != id_) return SignatureRejection::kUnknownKey;
  if (!HasRsaSignature(key_.get(), parts->signing_input, parts->signature))
    return SignatureRejection::kWrong;
  return std::move(parts->payload);
}

const SigningKey& SigningKeySource::Get() const {
  const std::lock_guard lock(mutex_);
  if (!key_) key_ = std::make_shared<const SigningKey>();
  return *key_;
}

}  // namespace emulator::crypto
