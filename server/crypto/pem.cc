#include "crypto/pem.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace emulator::crypto {

namespace {

Pem ReadPem(const char* flag, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const int error = errno;
  const std::string name = std::string(flag) + ": " + file;
  if (!in.is_open())
    throw PemError(name + " cannot be read: " + std::strerror(error) +
                   ". Name an existing PEM file that you may read.");
  std::ostringstream text;
  text << in.rdbuf();
  return {text.str(), name};
}

}  // namespace

PemPair ReadPemFiles(const std::string& certificate, const std::string& key) {
  return {ReadPem("--tls-cert", certificate), ReadPem("--tls-key", key)};
}

}  // namespace emulator::crypto
