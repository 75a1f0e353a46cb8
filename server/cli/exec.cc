#include "cli/exec.h"

#include <cctype>
#include <filesystem>
#include <iostream>
#include <set>

#include "base/file_io.h"

namespace emulator::cli {

namespace {

constexpr int kUnmet = 11, kEarlyRetry = 12, kTooLittleCoverage = 13, kOutsideContract = 14,
              kFailed = 1;

std::string VariableOf(const std::string& name) {
  std::string variable = "EXPORT_TOKEN_";
  for (const unsigned char c : name)
    variable += std::isalnum(c) && c < 0x80 ? static_cast<char>(std::toupper(c)) : '_';
  return variable;
}

}  // namespace

std::vector<diagnosis::Verification> ReadVerifications(const Options& options) {
  if (options.verify.empty()) return {};
  std::string text;
  try {
    text = ReadFile(options.verify);
  } catch (const std::exception& error) {
    throw UsageError(std::string("--verify: ") + error.what());
  }
  std::vector<std::string> sentences;
  auto verifications = diagnosis::ReadVerificationText(text, sentences);
  if (sentences.empty()) return verifications;
  std::string all;
  for (const std::string& sentence : sentences)
    all.append(all.empty() ? "" : "\n").append(options.verify).append(": ").append(sentence);
  throw UsageError(all);
}

ChildProcess::Variables ExecVariables(const std::string& url, const std::string& tls_url,
                                      const std::string& ca_file,
                                      const fixtures::FixtureSet& fixtures) {
  ChildProcess::Variables variables{{"EXPORT_API_URL", url}, {"EMULATOR_URL", url}};
  if (!tls_url.empty()) variables.emplace_back("EMULATOR_TLS_URL", tls_url);
  if (!ca_file.empty())
    variables.emplace_back("EMULATOR_CA_FILE", std::filesystem::absolute(ca_file).string());
  std::set<std::string> taken;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (taken.insert(name).second) variables.emplace_back(name, value);
  };
  for (const auto& item : fixtures.tokens.items) {
    add("EXPORT_TOKEN", item.row.token);
    if (!item.row.name.empty()) add(VariableOf(item.row.name), item.row.token);
  }
  return variables;
}

int FinishExec(const Options& options, const diagnosis::Report& report, int exit_code) {
  std::cerr << report.Text() << std::flush;
  if (!options.report.empty()) {
    try {
      WriteFile(options.report, report.Json(exit_code), "the report");
    } catch (const std::exception& error) {
      std::cerr << "export-emulator: " << error.what() << "\n";
      if (exit_code == 0) return kFailed;
    }
  }
  if (exit_code != 0) return exit_code;
  if (report.violations() > 0) return kFailed;
  if (report.IsUnmet()) return kUnmet;
  if (options.forbid_early_retry && report.early_retries() > 0) return kEarlyRetry;
  const bool is_covered = report.coverage_percent() >= static_cast<uint64_t>(options.min_coverage);
  if (!is_covered) return kTooLittleCoverage;
  return options.strict && report.outside_contract() > 0 ? kOutsideContract : 0;
}

}  // namespace emulator::cli
