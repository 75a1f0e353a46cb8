#include "crypto/pem.h"

#include <fstream>

#include "support/temporary_folder.h"
#include "support/thrown.h"

using namespace emulator;
using namespace emulator::crypto;

TEST_CASE("ReadPemFiles returns the texts, and names each file with its flag") {
  const TemporaryFolder folder;
  const std::string certificate = folder / "cert.pem";
  const std::string key = folder / "key.pem";
  std::ofstream(certificate) << "certificate\n";
  std::ofstream(key) << "key\n";
  const PemPair pair = ReadPemFiles(certificate, key);
  CHECK(pair.certificate.text == "certificate\n");
  CHECK(pair.certificate.name == "--tls-cert: " + certificate);
  CHECK(pair.key.text == "key\n");
  CHECK(pair.key.name == "--tls-key: " + key);
}

TEST_CASE("a file that cannot be read is named with its flag and the reason") {
  const TemporaryFolder folder;
  const std::string missing = folder / "missing.pem";
  const std::string error = Thrown<PemError>([&] { ReadPemFiles(missing, missing); });
  CHECK(error.starts_with("--tls-cert: " + missing + " cannot be read: No such file"));
}
