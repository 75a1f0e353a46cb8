// `export-emulator token`: gets an access token from a running emulator, also a defective one.
// Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/setting.h"

namespace emulator::cli {

// Empty or 0: the emulator's default.
struct TokenOptions {
  RemoteOptions remote;
  std::string client;
  std::string user;
  std::vector<std::string> scopes;
  int64_t ttl = 0;  // seconds
  std::string defect;
};
Syntax TokenSyntax(TokenOptions& options);
int RunToken(const TokenOptions& options);

// The JSON body of POST /_emulator/tokens.
std::string TokenRequestBody(const TokenOptions& options);

}  // namespace emulator::cli
