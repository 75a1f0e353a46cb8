#include "crypto/signing_key.h"

#include <cjose/cjose.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/base64.h"
#include "base/digest.h"
#include "crypto/openssl_ptr.h"

namespace emulator::crypto {

namespace {

constexpr size_t kBits = 2048;
constexpr const char* kAlgorithm = "RS256";

struct JoseFreed {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
  void operator()(char* text) const { std::free(text); }
};
template <typename T>
using JoseOwned = std::unique_ptr<T, JoseFreed>;

// A type that SigningKey::Jwk, which has a name outside of this file, may have for a member.
using OwnedJwk = std::unique_ptr<cjose_jwk_t, bool (*)(cjose_jwk_t*)>;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

[[noreturn]] void Fail(const cjose_err& error) {
  throw std::runtime_error(std::string("the JOSE library fails: ") +
                           (error.message ? error.message : "for no reason it tells"));
}

OpensslPtr<EVP_PKEY> ReadRsaKey(const std::string& pem) {
  const OpensslPtr<BIO> from(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // An encrypted key would be asked for its passphrase on the terminal.
  const auto refuse = [](char*, int, int, void*) { return -1; };
  OpensslPtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(from.get(), nullptr, refuse, nullptr));
  if (!key)
    throw SigningKeyError(
        "is no private key in PEM that is not encrypted; `openssl genpkey -algorithm RSA -out "
        "FILE` "
        "makes one.");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(key.get()) < static_cast<int>(kBits))
    throw SigningKeyError("is no RSA key of 2048 bits or more, which RS256 wants.");
  return key;
}

// A number of the key, big endian.
std::string Part(const OpensslPtr<EVP_PKEY>& key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1)
    throw SigningKeyError("is an RSA key that lacks a part (" + std::string(name) + ").");
  const OpensslPtr<BIGNUM> owner(number);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

OwnedJwk JwkOf(const OpensslPtr<EVP_PKEY>& key) {
  std::string n = Part(key, OSSL_PKEY_PARAM_RSA_N), e = Part(key, OSSL_PKEY_PARAM_RSA_E),
              d = Part(key, OSSL_PKEY_PARAM_RSA_D), p = Part(key, OSSL_PKEY_PARAM_RSA_FACTOR1),
              q = Part(key, OSSL_PKEY_PARAM_RSA_FACTOR2),
              dp = Part(key, OSSL_PKEY_PARAM_RSA_EXPONENT1),
              dq = Part(key, OSSL_PKEY_PARAM_RSA_EXPONENT2),
              qi = Part(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  const auto bytes = [](std::string& part) { return reinterpret_cast<uint8_t*>(part.data()); };
  const cjose_jwk_rsa_keyspec parts{.e = bytes(e),
                                    .elen = e.size(),
                                    .n = bytes(n),
                                    .nlen = n.size(),
                                    .d = bytes(d),
                                    .dlen = d.size(),
                                    .p = bytes(p),
                                    .plen = p.size(),
                                    .q = bytes(q),
                                    .qlen = q.size(),
                                    .dp = bytes(dp),
                                    .dplen = dp.size(),
                                    .dq = bytes(dq),
                                    .dqlen = dq.size(),
                                    .qi = bytes(qi),
                                    .qilen = qi.size()};
  cjose_err error{};
  OwnedJwk jwk(cjose_jwk_create_RSA_spec(&parts, &error), cjose_jwk_release);
  if (!jwk) Fail(error);
  return jwk;
}

OwnedJwk NewJwk() {
  const OpensslPtr<EVP_PKEY> key(EVP_RSA_gen(kBits));
  if (!key) throw std::runtime_error("OpenSSL makes no RSA key");
  return JwkOf(key);
}

std::string SignWith(const cjose_jwk_t* jwk, const char* algorithm, std::string_view key_id,
                     std::string_view payload) {
  cjose_err error{};
  const JoseOwned<cjose_header_t> header(cjose_header_new(&error));
  if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, algorithm, &error) ||
      !cjose_header_set(header.get(), "typ", "JWT", &error) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, std::string(key_id).c_str(), &error))
    Fail(error);
  const JoseOwned<cjose_jws_t> jws(
      cjose_jws_sign(jwk, header.get(), Bytes(payload), payload.size(), &error));
  const char* token = nullptr;
  if (!jws || !cjose_jws_export(jws.get(), &token, &error)) Fail(error);
  return token;
}

// Exactly three parts, each written as it must be: the library takes more.
bool IsCompactForm(std::string_view token) {
  size_t parts = 0;
  for (size_t start = 0; start <= token.size(); ++parts) {
    const size_t end = std::min(token.find('.', start), token.size());
    if (!Base64UrlDecode(token.substr(start, end - start))) return false;
    start = end + 1;
  }
  return parts == 3;
}

std::string_view HeaderText(cjose_header_t* header, const char* name) {
  const char* text = cjose_header_get(header, name, nullptr);
  return text ? text : "";
}

}  // namespace

struct SigningKey::Jwk {
  explicit Jwk(OwnedJwk made) : key(std::move(made)) {}
  const OwnedJwk key;
};

SigningKey::SigningKey() : jwk_(std::make_unique<Jwk>(NewJwk())) {
  Describe();
}

SigningKey::SigningKey(const std::string& pem)
    : jwk_(std::make_unique<Jwk>(JwkOf(ReadRsaKey(pem)))) {
  Describe();
}

SigningKey::~SigningKey() = default;

void SigningKey::Describe() {
  using nlohmann::ordered_json;
  cjose_err error{};
  const JoseOwned<char> text(cjose_jwk_to_json(jwk_->key.get(), /*priv=*/false, &error));
  if (!text) Fail(error);
  const auto known = nlohmann::json::parse(text.get());
  ordered_json jwk{{"e", known["e"]}, {"kty", "RSA"}, {"n", known["n"]}};
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
  return SignWith(jwk_->key.get(), kAlgorithm, key_id, payload);
}

std::string SigningKey::SignByPublicKey(std::string_view payload) const {
  cjose_err error{};
  const OwnedJwk secret(cjose_jwk_create_oct_spec(Bytes(public_jwk_), public_jwk_.size(), &error),
                        cjose_jwk_release);
  if (!secret) Fail(error);
  return SignWith(secret.get(), CJOSE_HDR_ALG_HS256, id_, payload);
}

std::string SigningKey::EncodeUnsigned(std::string_view payload) {
  return Base64UrlEncode(R"({"alg":"none","typ":"JWT"})") + "." + Base64UrlEncode(payload) + ".";
}

std::variant<std::string, SignatureRejection> SigningKey::Verify(std::string_view token) const {
  if (!IsCompactForm(token)) return SignatureRejection::kMalformed;
  // The library imports no token of the algorithm "none" and no empty signature; why is told apart
  // here.
  const auto header = nlohmann::json::parse(*Base64UrlDecode(token.substr(0, token.find('.'))),
                                            nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) return SignatureRejection::kMalformed;
  // "crit": what of the header one must understand (RFC 7515 section 4.1.11); we know none of it.
  if (header.contains("crit")) return SignatureRejection::kMalformed;
  if (!header.contains("alg") || header["alg"] != kAlgorithm) return SignatureRejection::kAlgorithm;
  if (!header.contains("kid") || header["kid"] != id_) return SignatureRejection::kUnknownKey;

  cjose_err error{};
  const JoseOwned<cjose_jws_t> jws(cjose_jws_import(token.data(), token.size(), &error));
  if (!jws)
    return token.ends_with('.') ? SignatureRejection::kWrong : SignatureRejection::kMalformed;
  // What the library goes by: a member that stands twice might be another one to it.
  if (HeaderText(cjose_jws_get_protected(jws.get()), CJOSE_HDR_ALG) != kAlgorithm)
    return SignatureRejection::kAlgorithm;
  if (!cjose_jws_verify(jws.get(), jwk_->key.get(), &error)) return SignatureRejection::kWrong;
  uint8_t* payload = nullptr;
  size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &payload, &size, &error)) Fail(error);
  return std::string(reinterpret_cast<const char*>(payload), size);
}

const SigningKey& SigningKeySource::Get() const {
  const std::lock_guard lock(mutex_);
  if (!key_) key_ = std::make_shared<const SigningKey>();
  return *key_;
}

}  // namespace emulator::crypto
