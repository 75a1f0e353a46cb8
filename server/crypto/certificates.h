// Issues certificates for a server that has none, each by a new CA whose key is discarded.
// Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/pem.h"

namespace emulator::crypto {

// True for a name that a certificate can have: a DNS name in ASCII, also "*.name", or an IP
// address.
bool IsCertificateName(std::string_view name);

struct IssuedCertificate {
  PemPair pair;    // the server's
  std::string ca;  // PEM: the CA that clients must trust
};

// True if IssueCertificate made this CA, in this process or in another one.
bool IsIssuedCa(const std::string& pem);

// Valid from one hour ago, in real time, for 397 days, because some clients refuse more.
// REQUIRES: at least one name; IsCertificateName is true for all.
IssuedCertificate IssueCertificate(const std::vector<std::string>& names);

}  // namespace emulator::crypto
