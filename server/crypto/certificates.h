// Certificates for a server that has none: of a CA that is made for it, and of which nobody keeps
// the key.
// Threads: functions of their arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/pem.h"

namespace emulator::crypto {

// True for what a certificate can be for: a DNS name in ASCII, also "*.name", or an IP address.
bool IsCertificateName(std::string_view name);

struct IssuedCertificate {
  PemPair pair;    // the server's
  std::string ca;  // PEM: what clients are to trust
};

// True for what IssueCertificate gives as a CA, of this process or of another one.
bool IsIssuedCa(const std::string& pem);

// Valid from an hour ago, in real time, for 397 days: more than that, some clients refuse. Each has
// a CA of its own. REQUIRES: IsCertificateName, all; at least one.
IssuedCertificate IssueCertificate(const std::vector<std::string>& names);

}  // namespace emulator::crypto
