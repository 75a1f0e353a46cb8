// PEM texts of a server's certificate and key.
// Threads: values and a function.
#pragma once

#include <stdexcept>
#include <string>

namespace emulator::crypto {

// A certificate or a key cannot be used; what() is a sentence with the way out.
class PemError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A PEM text, and what a sentence calls it: "--tls-key: server.key".
struct Pem {
  std::string text;
  std::string name;
};
struct PemPair {
  Pem certificate;  // the server's first, then those that lead to its CA
  Pem key;          // a secret; not encrypted
};

// Of --tls-cert and --tls-key. Throws PemError.
PemPair ReadPemFiles(const std::string& certificate, const std::string& key);

}  // namespace emulator::crypto
