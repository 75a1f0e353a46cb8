// The key that signs tokens, and tokens as they are signed: JSON Web Signatures in their compact
// form (RFC 7515), made and judged by the JOSE library. Whatever a token's own header says, only
// one algorithm and one key count.
//
// Threads: any; immutable after construction.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace emulator::crypto {

// What is wrong with the text of a key; what() is a sentence without the place.
class SigningKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why a text is no token that the key signed. Checked in this order.
enum class SignatureRejection {
  kMalformed,   // not three parts of base64url, or a header that is no JSON object or asks for more
  kAlgorithm,   // its header names another one than RS256
  kUnknownKey,  // its header names another key, or none
  kWrong,
};

class SigningKey {
 public:
  // A new one: RSA of 2,048 bits. Takes some 20 to 300 ms.
  SigningKey();
  // A private RSA key of 2,048 bits or more, in PEM and not encrypted. Throws SigningKeyError.
  explicit SigningKey(const std::string& pem);
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  // Its public half as a JSON Web Key (RFC 7517), with "kid", "use" and "alg".
  const std::string& public_jwk() const { return public_jwk_; }
  // The thumbprint of RFC 7638.
  const std::string& id() const { return id_; }

  // The payload, signed with RS256.
  std::string Sign(std::string_view payload) const;
  // The same under the name of another key.
  std::string SignAs(std::string_view key_id, std::string_view payload) const;
  // Signed with HS256 and the text of the public key for its secret, by which verifiers are
  // deceived that believe a token's header.
  std::string SignByPublicKey(std::string_view payload) const;
  // With the algorithm "none", and no signature.
  static std::string EncodeUnsigned(std::string_view payload);

  // The payload of a token that this key signed.
  std::variant<std::string, SignatureRejection> Verify(std::string_view token) const;

 private:
  struct Jwk;
  void Describe();

  const std::unique_ptr<Jwk> jwk_;
  std::string id_;
  std::string public_jwk_;
};

// The key of a process: made when it is first asked for, for that takes long, and the same ever
// after.
// Threads: any.
class SigningKeySource {
 public:
  // `given`: the key to use; nullptr: one is made.
  explicit SigningKeySource(std::shared_ptr<const SigningKey> given = nullptr)
      : key_(std::move(given)) {}

  const SigningKey& Get() const;

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const SigningKey> key_;  // guarded by mutex_ until it is there
};

}  // namespace emulator::crypto
