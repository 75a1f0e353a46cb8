// The key that signs tokens, and tokens as JSON Web Signatures in compact form (RFC 7515), by
// OpenSSL. Only RS256 and this key count, whatever a token's header says.
//
// One algorithm and one key need no JOSE library: OpenSSL is linked for TLS anyway, and cjose
// brought jansson along, accepted non-canonical base64url and once aborted the process on a padded
// token.
//
// Threads: any; immutable after construction.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

struct evp_pkey_st;

namespace emulator::crypto {

// The text of a key cannot be used; what() is a sentence whose subject is the file.
class SigningKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why the key did not sign a text. Checked in this order.
enum class SignatureRejection {
  kMalformed,   // not three parts of base64url, or the header is no JSON object or has "crit"
  kAlgorithm,   // the header names another algorithm than RS256
  kUnknownKey,  // the header names another key, or none
  kWrong,       // the signature does not fit
};

class SigningKey {
 public:
  // Generates an RSA key of 2,048 bits. Takes some 20 to 300 ms.
  SigningKey();
  // A private RSA key of 2,048 bits or more, in PEM and not encrypted. Throws SigningKeyError.
  explicit SigningKey(const std::string& pem);

  // The public key as a JSON Web Key (RFC 7517), with "kid", "use" and "alg".
  const std::string& public_jwk() const { return public_jwk_; }
  // The thumbprint of RFC 7638.
  const std::string& id() const { return id_; }

  // A token with this payload, signed with RS256.
  std::string Sign(std::string_view payload) const;
  // The same, with another key's id in the header.
  std::string SignAs(std::string_view key_id, std::string_view payload) const;
  // Signed with HS256 and the text of the public key as the secret: deceives a verifier that
  // believes the header.
  std::string SignByPublicKey(std::string_view payload) const;
  // With the algorithm "none" and no signature.
  static std::string EncodeUnsigned(std::string_view payload);

  // The payload of a token that this key signed.
  std::variant<std::string, SignatureRejection> Verify(std::string_view token) const;

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

  const std::shared_ptr<evp_pkey_st> key_;
  std::string id_;
  std::string public_jwk_;
};

// The key of a process. Generated at its first use, because that takes long.
// Threads: any.
class SigningKeySource {
 public:
  // `key`: the key to use; nullptr: generate one.
  explicit SigningKeySource(std::shared_ptr<const SigningKey> key = nullptr)
      : key_(std::move(key)) {}

  const SigningKey& Get() const;

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const SigningKey> key_;  // guarded by mutex_ until it is set
};

}  // namespace emulator::crypto
