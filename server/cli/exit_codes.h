// Every exit code of the program, as a table.
// Threads: constants.
#pragma once

namespace emulator::cli {

enum ExitCode {
  kSuccess = 0,
  kFailure = 1,
  kBadInput = 2,
  kPortTaken = 3,
  // `exec` only:
  kClaimFailed = 11,
  kEarlyRetry = 12,
  kLowCoverage = 13,
  kOutsideContract = 14,
  kNothingStarted = 125,
  kNotExecutable = 126,
  kCommandNotFound = 127,
};

struct ExitCodeRow {
  ExitCode code;
  const char* meaning;
};
inline constexpr ExitCodeRow kExitCodes[] = {
    {kSuccess, "success"},
    {kFailure, "failure; drift: differences were found; healthcheck: not ready"},
    {kBadInput, "invalid usage or input"},
    {kPortTaken, "the port is in use"},
    {kClaimFailed, "exec: a verification failed"},
    {kEarlyRetry, "exec: a client retried too early (--forbid-early-retry)"},
    {kLowCoverage, "exec: the coverage is too low (--min-coverage)"},
    {kOutsideContract, "exec: a request was outside the contract (--strict)"},
    {kNothingStarted, "exec: the command was not started"},
    {kNotExecutable, "exec: the command cannot be executed"},
    {kCommandNotFound, "exec: the command was not found"},
};

}  // namespace emulator::cli
