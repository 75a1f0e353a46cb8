// The PEM texts of a server's certificate and key.
// Threads: values and a function.
#pragma once

#include <stdexcept>
#include <string>

namespace emulator::crypto {

// A certificate or a key cannot be used. what() says why and what to do.
class PemError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A PEM text, and its name in messages: "--tls-key: server.key".
struct Pem {
  std::string text;
  std::string name;
};
struct PemPair {
  Pem certificate;  // the server's certificate first, then those of the CAs up to the root
  Pem key;          // a secret; not encrypted
};

// Reads the files of --tls-cert and --tls-key. Throws PemError.
PemPair ReadPemFiles(const std::string& certificate, const std::string& key);

}  // namespace emulator::crypto
