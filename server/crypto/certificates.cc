#include "crypto/certificates.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "crypto/openssl_ptr.h"

namespace emulator::crypto {

namespace {

constexpr long kHour = 3600;
constexpr long kValid = 397 * 24 * kHour;
const char* const kCaName = "Export Emulator CA ";

// Fails only without memory or randomness, never because of the input.
void Check(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot issue a certificate");
}
template <typename T>
OpensslPtr<T> Own(T* made) {
  Check(made != nullptr);
  return OpensslPtr<T>(made);
}

bool IsAddress(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

template <typename Write>
std::string TextOf(const Write& write) {
  const auto bio = Own(BIO_new(BIO_s_mem()));
  Check(write(bio.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<size_t>(size)};
}
std::string PemOf(X509* certificate) {
  return TextOf([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}
std::string PemOf(EVP_PKEY* key) {
  return TextOf([&](BIO* to) {
    return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

// An unsigned certificate for a key, with a random serial number.
OpensslPtr<X509> Draft(EVP_PKEY* key) {
  auto draft = Own(X509_new());
  X509* const certificate = draft.get();
  Check(X509_set_version(certificate, X509_VERSION_3) == 1);
  const auto number = Own(BN_new());
  Check(BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
  Check(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
  Check(X509_gmtime_adj(X509_getm_notBefore(certificate), -kHour) != nullptr);
  Check(X509_gmtime_adj(X509_getm_notAfter(certificate), kValid - kHour) != nullptr);
  Check(X509_set_pubkey(certificate, key) == 1);
  return draft;
}

void SetSubject(X509* certificate, const std::string& name) {
  Check(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                   0) == 1);
}

void SetIssuer(X509* certificate, X509* issuer) {
  Check(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
}

struct Extension {
  int name;
  const char* value;  // in the syntax of OpenSSL's configuration file
};
void Extend(X509* certificate, X509* issuer, std::initializer_list<Extension> extensions) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [name, value] : extensions) {
    const auto extension = Own(X509V3_EXT_conf_nid(nullptr, &context, name, value));
    Check(X509_add_ext(certificate, extension.get(), -1) == 1);
  }
}

void SetNames(X509* certificate, const std::vector<std::string>& names) {
  const auto list = Own(GENERAL_NAMES_new());
  for (const std::string& name : names) {
    auto entry = Own(GENERAL_NAME_new());
    if (IsAddress(name)) {
      GENERAL_NAME_set0_value(entry.get(), GEN_IPADD, Own(a2i_IPADDRESS(name.c_str())).release());
    } else {
      ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
      GENERAL_NAME_set0_value(entry.get(), GEN_DNS, text);
      Check(text && ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
    }
    Check(sk_GENERAL_NAME_push(list.get(), entry.get()) > 0);
    (void)entry.release();  // the list owns it
  }
  Check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, 0) == 1);
}

struct Party {
  OpensslPtr<EVP_PKEY> key;
  OpensslPtr<X509> certificate;
};

// An elliptic-curve key: generating an RSA key would take longer than the rest of a start.
Party MakeParty() {
  auto key = Own(EVP_EC_gen("P-256"));
  auto draft = Draft(key.get());
  return {std::move(key), std::move(draft)};
}

void SignAs(const Party& issuer, X509* certificate) {
  Check(X509_sign(certificate, issuer.key.get(), EVP_sha256()) > 0);
}

// The first eight digits of a certificate's serial number.
std::string ShortSerialNumber(const X509* certificate) {
  const auto number = Own(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  const auto text = Own(BN_bn2hex(number.get()));
  return std::string(text.get(), 8);
}

Party MakeCa() {
  Party ca = MakeParty();
  X509* const certificate = ca.certificate.get();
  // A unique name, so that a client that still trusts an earlier CA does not confuse the two.
  SetSubject(certificate, kCaName + ShortSerialNumber(certificate));
  SetIssuer(certificate, certificate);
  Extend(certificate, certificate,
         {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
          {NID_key_usage, "critical,keyCertSign,cRLSign"},
          {NID_subject_key_identifier, "hash"}});
  SignAs(ca, certificate);
  return ca;
}

Party MakeServer(const std::vector<std::string>& names, const Party& ca) {
  Party server = MakeParty();
  X509* const certificate = server.certificate.get();
  SetSubject(certificate, "Export Emulator");
  SetIssuer(certificate, ca.certificate.get());
  Extend(certificate, ca.certificate.get(),
         {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, "serverAuth"},
          {NID_subject_key_identifier, "hash"},
          {NID_authority_key_identifier, "keyid:always"}});
  SetNames(certificate, names);
  SignAs(ca, certificate);
  return server;
}

}  // namespace

bool IsCertificateName(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  const std::string text(name);
  if (IsAddress(text)) return true;
  const std::string_view host = name.starts_with("*.") ? name.substr(2) : name;
  const auto is_host_char = [](char c) {
    return IsLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
  };
  return !host.empty() && host.front() != '.' && host.back() != '.' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), is_host_char);
}

bool IsIssuedCa(const std::string& pem) {
  const OpensslPtr<BIO> reader(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const OpensslPtr<X509> first(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
  const OpensslPtr<X509> second(first ? PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)
                                      : nullptr);
  ERR_clear_error();
  if (!first || second) return false;
  std::array<char, 64> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(first.get()), NID_commonName, name.data(),
                            name.size());
  return std::string_view(name.data()).starts_with(kCaName);
}

IssuedCertificate IssueCertificate(const std::vector<std::string>& names) {
  const Party ca = MakeCa();
  const Party server = MakeServer(names, ca);
  return {
      {{PemOf(server.certificate.get()), "the certificate"}, {PemOf(server.key.get()), "the key"}},
      PemOf(ca.certificate.get())};
}

}  // namespace emulator::crypto
