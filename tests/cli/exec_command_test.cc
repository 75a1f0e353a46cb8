#include "cli/exec_command.h"

#include <filesystem>

#include "base/file_io.h"
#include "cli/parse.h"
#include "support/temporary_folder.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the variables of the command") {
  const fixtures::FixtureSet set = fixtures::ReadFixtures(
      {{"a.json", R"({"clients": [{"id": "k", "tier": "premium"}], "tokens": [
        {"token": "first", "client": "k", "scopes": [], "name": "no-scope"},
        {"token": "second", "client": "k", "scopes": [], "name": "no.scope"},
        {"token": "third", "client": "k", "scopes": [], "name": "plain"}]})"}});
  using Variables = ChildProcess::Variables;
  CHECK(ExecVariables("http://u", "", "", set) == Variables{{"EXPORT_API_URL", "http://u"},
                                                            {"EXPORT_EMULATOR_URL", "http://u"},
                                                            {"EXPORT_TOKEN", "first"},
                                                            {"EXPORT_TOKEN_NO_SCOPE", "first"},
                                                            {"EXPORT_TOKEN_PLAIN", "third"}});
  const Variables with_tls = ExecVariables("http://u", "https://t", "ca.pem", {});
  CHECK(with_tls[2] == std::pair<std::string, std::string>("EXPORT_EMULATOR_TLS_URL", "https://t"));
  CHECK(with_tls[3] ==
        std::pair<std::string, std::string>("EXPORT_EMULATOR_CA_FILE",
                                            std::filesystem::absolute("ca.pem").string()));
}

TEST_CASE("the exit code is that of the command, else that of a failed check") {
  const diagnosis::Report empty({}, {});
  ExecOptions options;
  CHECK(ExecExitCode(options, empty, 7) == 7);
  CHECK(ExecExitCode(options, empty, 0) == 0);
  options.min_coverage = 1;
  CHECK(ExecExitCode(options, empty, 0) == 13);
  CHECK(ExecExitCode(options, empty, 3) == 3);
}

TEST_CASE("a file of verifications is read, or rejected with every error") {
  const TemporaryFolder folder;
  const std::string file = folder / "verify.json";
  WriteFile(file, R"([{"match": {"status": 200}}])", "the file");
  CHECK(ReadVerifications(file).size() == 1);
  CHECK(ReadVerifications("").empty());
  WriteFile(file, R"([{"match": {"stauts": 200}}])", "the file");
  const std::string message = Thrown<UsageError>([&] { ReadVerifications(file); });
  CHECK(message.starts_with(file + ": "));
  CHECK(message.find("Did you mean \"status\"?") != std::string::npos);
  CHECK(Thrown<UsageError>([&] { ReadVerifications(file + ".none"); }).starts_with("--verify: "));
}
