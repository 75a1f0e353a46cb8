#include "cli/outcomes_command.h"

#include <algorithm>
#include <iostream>
#include <string_view>

#include "api/operations.h"
#include "base/text.h"
#include "cli/exit_codes.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

struct ReachableOutcome {
  std::string_view operation;
  int status;
  std::string_view code;            // of the error; "-" for a success
  std::string_view meaning;         // when a client gets it
  std::string_view authorizations;  // values of the Authorization header, one per line
  std::string_view target;
  std::string_view body{};  // JSON without single quotes, because the shell reads it; empty: none
};

constexpr std::string_view kReader = "Bearer reader-token";
constexpr std::string_view kWriter = "Bearer writer-token";
constexpr std::string_view kStranger = "Bearer stranger-token";
constexpr std::string_view kThrottled = "Bearer throttled-token";

constexpr std::string_view kNoHeader = "no Authorization header";
constexpr std::string_view kLimitOfZero = "a client with a limit of 0";
constexpr std::string_view kMayReadNothing = "a user who may read nothing";
constexpr std::string_view kNoSuch = "no such connection";

constexpr std::string_view kExample = "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808";
constexpr std::string_view kService = "/export/connections/service-connection";
constexpr std::string_view kServiceRuns = "/export/connections/service-connection/runs";
constexpr std::string_view kExampleRuns =
    "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808/runs";
constexpr std::string_view kExampleRun =
    "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808/runs/"
    "de626d0d-1647-48d7-8c11-f1f74f2d4523";
constexpr std::string_view kUnknownRuns = "/export/connections/no-such-connection/runs";
constexpr std::string_view kConnections = "/export/connections";
constexpr std::string_view kOfIModel =
    "/export/connections?imodelId=3b6a1f52-0c7e-4a55-9d21-6f0e8b7c4d13";
constexpr std::string_view kAuthorization =
    "/export/authorizationinformation?redirectUrl=https://myUrl.com";

constexpr std::string_view kNewConnection =
    R"({"displayName":"30","iModelId":"7dbd531d-6967-47b2-8945-a722a437ad7a","authenticationType":"User"})";
constexpr std::string_view kNewRun = R"({"exportType":"IFC","ifcVersion":"IFC4.3"})";

constexpr ReachableOutcome kOutcomes[] = {
    {"get-export-connection", 200, "-", "the page's example", kReader, kExample},
    {"get-export-connection", 200, "-", "by the newer scope, itwin-platform",
     "Bearer platform-token", kExample},
    {"get-export-connection", 200, "-", "a Service connection", kReader, kService},
    {"get-export-connection", 200, "-", "a 43-character base64url id", kReader,
     "/export/connections/VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M"},
    {"get-export-connection", 200, "-", "a connection that never ran: no lastRun", kReader,
     "/export/connections/never-run-connection"},
    {"get-export-connection", 200, "-", "a private connection, by its owner", "Bearer owner-token",
     "/export/connections/private-connection"},
    {"get-export-connection", 200, "-", "a community client; 429 after 500 calls in a minute",
     "Bearer trial-token", kExample},
    {"get-export-connection", 401, "HeaderNotFound", kNoHeader, "", kExample},
    {"get-export-connection", 401, "Unauthorized", "a malformed header: no scheme", "reader-token",
     kExample},
    {"get-export-connection", 401, "Unauthorized", "another scheme", "Basic cmVhZGVyOnRva2Vu",
     kExample},
    {"get-export-connection", 401, "Unauthorized", "two Authorization headers",
     "Bearer reader-token\nBearer owner-token", kExample},
    {"get-export-connection", 401, "Unauthorized", "an unknown token", "Bearer no-such-token",
     kExample},
    {"get-export-connection", 401, "Unauthorized", "a token without the scope",
     "Bearer no-scope-token", kExample},
    {"get-export-connection", 401, "Unauthorized", "an expired token", "Bearer expired-token",
     kExample},
    {"get-export-connection", 401, "Unauthorized", "a token not valid yet",
     "Bearer not-yet-valid-token", kExample},
    {"get-export-connection", 401, "Unauthorized", "a token of another issuer",
     "Bearer wrong-issuer-token", kExample},
    {"get-export-connection", 401, "Unauthorized", "a token of an unknown client",
     "Bearer unknown-client-token", kExample},
    {"get-export-connection", 403, "InsufficientPermissions", kMayReadNothing, kStranger, kExample},
    {"get-export-connection", 403, "InsufficientPermissions",
     "a connection only its owner may read", kReader, "/export/connections/private-connection"},
    {"get-export-connection", 404, "ConnectionNotFound", kNoSuch, kReader,
     "/export/connections/no-such-connection"},
    {"get-export-connection", 429, "TooManyRequests", kLimitOfZero, kThrottled, kExample},

    {"create-export-connection", 201, "-", "the page's example", kWriter, kConnections,
     kNewConnection},
    {"create-export-connection", 401, "HeaderNotFound", kNoHeader, "", kConnections,
     kNewConnection},
    {"create-export-connection", 401, "Unauthorized", "a token without export:modify", kReader,
     kConnections, kNewConnection},
    {"create-export-connection", 422, "InvalidExportConnectionRequest", "no iModelId", kWriter,
     kConnections, R"({"displayName":"30"})"},
    {"create-export-connection", 429, "TooManyRequests", kLimitOfZero, kThrottled, kConnections,
     kNewConnection},

    {"get-export-connections", 200, "-", "the connections of an iModel", kReader, kOfIModel},
    {"get-export-connections", 200, "-", "a page of one, with links to the others", kReader,
     "/export/connections?imodelId=3b6a1f52-0c7e-4a55-9d21-6f0e8b7c4d13&%24top=1&%24skip=1"},
    {"get-export-connections", 401, "HeaderNotFound", kNoHeader, "", kOfIModel},
    {"get-export-connections", 403, "InsufficientPermissions", kMayReadNothing, kStranger,
     kOfIModel},
    {"get-export-connections", 404, "ConnectionNotFound", "an iModel without connections", kReader,
     "/export/connections?imodelId=00000000-0000-0000-0000-000000000000"},
    {"get-export-connections", 422, "InvalidExportConnectionRequest", "no imodelId", kReader,
     kConnections},
    {"get-export-connections", 429, "TooManyRequests", kLimitOfZero, kThrottled, kOfIModel},

    {"create-export-connection-run", 202, "-", "a run; Location leads to it", kWriter, kServiceRuns,
     kNewRun},
    {"create-export-connection-run", 303, "-", "a run is not over; Location leads to it", kWriter,
     "/export/connections/running-connection/runs", kNewRun},
    {"create-export-connection-run", 401, "HeaderNotFound", kNoHeader, "", kServiceRuns, kNewRun},
    {"create-export-connection-run", 403, "InsufficientPermissions",
     "a user who has not authorized the vendor", "Bearer newcomer-token", kExampleRuns, kNewRun},
    {"create-export-connection-run", 404, "ConnectionNotFound", kNoSuch, kWriter, kUnknownRuns,
     kNewRun},
    {"create-export-connection-run", 409, "ConnectionAlreadyInUse",
     "another run starts at the same time", kWriter,
     "/export/connections/contested-connection/runs", kNewRun},
    {"create-export-connection-run", 422, "InvalidExportConnectionRequest", "no exportType",
     kWriter, kServiceRuns, "{}"},
    {"create-export-connection-run", 429, "TooManyRequests", kLimitOfZero, kThrottled, kServiceRuns,
     kNewRun},

    {"get-export-connection-runs", 200, "-", "a failed run, with its error", kReader, kServiceRuns},
    {"get-export-connection-runs", 401, "HeaderNotFound", kNoHeader, "", kServiceRuns},
    {"get-export-connection-runs", 403, "InsufficientPermissions", kMayReadNothing, kStranger,
     kServiceRuns},
    {"get-export-connection-runs", 404, "ConnectionNotFound", kNoSuch, kReader, kUnknownRuns},
    {"get-export-connection-runs", 429, "TooManyRequests", kLimitOfZero, kThrottled, kServiceRuns},

    {"get-export-connection-run", 200, "-", "a run that succeeded", kReader, kExampleRun},
    {"get-export-connection-run", 200, "-", "one that succeeded in part", kReader,
     "/export/connections/VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M/runs/"
     "a1ecbdc8c4f6173004f9f881914a57c5511a362b"},
    {"get-export-connection-run", 200, "-", "a run in progress", kReader,
     "/export/connections/running-connection/runs/0c5d7e9f-1a2b-4c3d-8e4f-5a6b7c8d9e01"},
    {"get-export-connection-run", 401, "HeaderNotFound", kNoHeader, "", kExampleRun},
    {"get-export-connection-run", 403, "InsufficientPermissions", kMayReadNothing, kStranger,
     kExampleRun},
    {"get-export-connection-run", 404, "ConnectionNotFound", kNoSuch, kReader,
     "/export/connections/no-such-connection/runs/no-such-run"},
    {"get-export-connection-run", 404, "RunNotFound", "no such run", kReader,
     "/export/connections/service-connection/runs/no-such-run"},
    {"get-export-connection-run", 429, "TooManyRequests", kLimitOfZero, kThrottled, kExampleRun},

    {"delete-export-connection", 204, "-", "a connection without a run", kWriter,
     "/export/connections/never-run-connection"},
    {"delete-export-connection", 401, "HeaderNotFound", kNoHeader, "", kExample},
    {"delete-export-connection", 404, "ConnectionNotFound", kNoSuch, kWriter,
     "/export/connections/no-such-connection"},
    {"delete-export-connection", 409, "ConnectionAlreadyInUse", "a run is not over", kWriter,
     "/export/connections/running-connection"},
    {"delete-export-connection", 422, "InvalidExportConnectionRequest", "an invalid id", kWriter,
     "/export/connections/no%20id"},
    {"delete-export-connection", 429, "TooManyRequests", kLimitOfZero, kThrottled, kExample},

    {"get-authorization-information", 200, "-", "a user who has authorized the vendor", kReader,
     kAuthorization},
    {"get-authorization-information", 200, "-", "a user who has not: the page's example",
     "Bearer newcomer-token", kAuthorization},
    {"get-authorization-information", 401, "HeaderNotFound", kNoHeader, "", kAuthorization},
    {"get-authorization-information", 422, "InvalidAuthorizationInformationRequest",
     "an invalid URL", kReader, "/export/authorizationinformation?redirectUrl=myUrl"},
    {"get-authorization-information", 429, "TooManyRequests", kLimitOfZero, kThrottled,
     kAuthorization},
};

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size()), ' ');
  return padded + "  ";
}

std::string AuthorizationFlags(std::string_view authorizations) {
  std::string flags;
  for (const std::string_view value : Split(authorizations, '\n'))
    flags.append(" -H 'Authorization: ").append(value).append("'");
  return flags;
}

std::string CurlCommand(const ReachableOutcome& row, const std::string& url) {
  const std::string_view method = api::FindOperation(row.operation)->route.method;
  std::string command = "curl -i ";
  if (method != "GET") command.append("-X ").append(method).append(" ");
  // A query has characters that are special to a shell.
  const char* quote = row.target.find('?') != std::string_view::npos ? "'" : "";
  command.append(quote).append(url).append(row.target).append(quote);
  command += AuthorizationFlags(row.authorizations);
  if (!row.body.empty()) command.append(" -d '").append(row.body).append("'");
  return command;
}

template <typename Text>
size_t Widest(const std::string& operation, Text text) {
  size_t widest = 0;
  for (const ReachableOutcome& row : kOutcomes)
    if (operation.empty() || row.operation == operation)
      widest = std::max(widest, text(row).size());
  return widest;
}

}  // namespace

Syntax OutcomesSyntax(OutcomesOptions& o) {
  return {.groups = {{"Options",
                      {{"--url", "EXPORT_EMULATOR_URL", "URL", "http://localhost:8080",
                        "URL of the emulator, for the curl commands", ToUrl(o.url)},
                       {"--operation", "EXPORT_EMULATOR_OPERATION", "NAME", "all",
                        "Only this operation, such as get-export-connection",
                        ToOperation(o.operation)}}}}};
}

std::string OutcomesTable(const OutcomesOptions& options) {
  const std::string& operation = options.operation;
  std::string url = options.url;
  while (url.ends_with('/')) url.pop_back();
  const size_t code = Widest(operation, [](auto& row) { return row.code; });
  const size_t meaning = Widest(operation, [](auto& row) { return row.meaning; });
  std::string table;
  std::string_view heading;
  for (const ReachableOutcome& row : kOutcomes) {
    if (!operation.empty() && row.operation != operation) continue;
    if (operation.empty() && row.operation != heading) {
      heading = row.operation;
      table.append(table.empty() ? "" : "\n").append(heading).append("\n");
    }
    table += std::to_string(row.status) + "  " + Padded(row.code, code) +
             Padded(row.meaning, meaning) + CurlCommand(row, url) + "\n";
  }
  return table;
}

int RunOutcomes(const OutcomesOptions& options) {
  std::cout << OutcomesTable(options);
  return kSuccess;
}

}  // namespace emulator::cli
