#include "cli/options.h"

#include "cli/parse.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("TLS is on with a generated certificate, or with one from a file") {
  CHECK_FALSE(TlsOptions().IsEnabled());
  CHECK(TlsOptions{.self_signed = true}.IsEnabled());
  CHECK(TlsOptions{.cert_file = "c"}.IsEnabled());
}

TEST_CASE("options that contradict each other are rejected with what to do") {
  const auto rejects = [](const Arguments& arguments, std::initializer_list<const char*> words) {
    const std::string message = ServeError(arguments);
    for (const char* word : words) CHECK_MESSAGE(message.find(word) != std::string::npos, message);
  };
  rejects({"--control", "off", "--control-token", "t"}, {"--control off and --control-token"});
  rejects({"--tls", "on"}, {"--tls: \"on\" is not a way to get a certificate: self-signed."});
  rejects({"--tls-cert", "c"}, {"--tls-cert is given without --tls-key", "Give the key"});
  rejects({"--tls-key", "k"}, {"--tls-key is given without --tls-cert"});
  rejects({"--tls", "self-signed", "--tls-cert", "c", "--tls-key", "k"},
          {"--tls self-signed and --tls-cert contradict"});
  rejects({"--tls-name", "a"}, {"--tls-name needs --tls self-signed"});
  rejects({"--tls-cert", "c", "--tls-key", "k", "--tls-name", "a"},
          {"--tls-name needs --tls self-signed", "has its own names"});
  rejects({"--tls-cert", "c", "--tls-key", "k", "--tls-ca-file", "f"},
          {"--tls-ca-file needs --tls self-signed"});
  rejects({"--tls-port", "1"}, {"--tls-port is given without TLS", "Add --tls self-signed"});
  rejects({"--tls", "self-signed", "--port", "1", "--tls-port", "1"}, {"both 1", "two different"});
  CHECK(Thrown<UsageError>([] {
          ParseExec({"--tls-port", "1", "--", "true"});
        }).starts_with("--tls-port is given without TLS"));
  CHECK(ServeError({"--tls", "self-signed", "--port", "0", "--tls-port", "0"}) == "taken");
}
