#include "outcomes.h"

#include <algorithm>
#include <string_view>

namespace emulator {

namespace {

struct ReachableOutcome {
  int status;
  std::string_view code;            // of the error; "-" for a success
  std::string_view meaning;         // when a client meets it
  std::string_view authorizations;  // values of that header, one a line; empty: none
  std::string_view connection;
};

constexpr std::string_view kExample = "fc226d0d-1647-48d7-8c11-f1f74f2d9808";

constexpr ReachableOutcome kOutcomes[] = {
    {200, "-", "the page's example", "Bearer reader-token", kExample},
    {200, "-", "by the newer scope, itwin-platform", "Bearer platform-token", kExample},
    {200, "-", "a Service connection", "Bearer reader-token", "service-connection"},
    {200, "-", "a 43-character base64url id", "Bearer reader-token",
     "VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M"},
    {200, "-", "a connection that never ran: no lastRun", "Bearer reader-token",
     "never-run-connection"},
    {200, "-", "a private connection, by its owner", "Bearer owner-token", "private-connection"},
    {200, "-", "a trial client; 429 after 500 calls in a minute", "Bearer trial-token", kExample},
    {401, "HeaderNotFound", "no Authorization header", "", kExample},
    {401, "Unauthorized", "a malformed header: no scheme", "reader-token", kExample},
    {401, "Unauthorized", "another scheme", "Basic cmVhZGVyOnRva2Vu", kExample},
    {401, "Unauthorized", "two Authorization headers", "Bearer reader-token\nBearer owner-token",
     kExample},
    {401, "Unauthorized", "a token nobody issued", "Bearer no-such-token", kExample},
    {401, "Unauthorized", "a token without the scope", "Bearer no-scope-token", kExample},
    {401, "Unauthorized", "an expired token", "Bearer expired-token", kExample},
    {401, "Unauthorized", "a token not valid yet", "Bearer not-yet-valid-token", kExample},
    {401, "Unauthorized", "a token of another issuer", "Bearer wrong-issuer-token", kExample},
    {401, "Unauthorized", "a token of an unknown client", "Bearer unknown-client-token", kExample},
    {403, "InsufficientPermissions", "a user who may read nothing", "Bearer stranger-token",
     kExample},
    {403, "InsufficientPermissions", "a connection only its owner may read", "Bearer reader-token",
     "private-connection"},
    {404, "ConnectionNotFound", "no such connection", "Bearer reader-token", "no-such-connection"},
    {429, "TooManyRequests", "a client with a limit of 0", "Bearer throttled-token", kExample},
};

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size()), ' ');
  return padded + "  ";
}

// As curl takes them.
std::string AuthorizationFlags(std::string_view authorizations) {
  std::string flags;
  while (!authorizations.empty()) {
    const size_t end = std::min(authorizations.find('\n'), authorizations.size());
    flags.append(" -H 'Authorization: ").append(authorizations.substr(0, end)).append("'");
    authorizations.remove_prefix(std::min(end + 1, authorizations.size()));
  }
  return flags;
}

template <typename Text>
size_t Widest(Text text) {
  size_t widest = 0;
  for (const ReachableOutcome& row : kOutcomes) widest = std::max(widest, text(row).size());
  return widest;
}

}  // namespace

std::string PrintOutcomes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const size_t code = Widest([](auto& row) { return row.code; });
  const size_t meaning = Widest([](auto& row) { return row.meaning; });
  std::string table;
  for (const ReachableOutcome& row : kOutcomes) {
    table +=
        std::to_string(row.status) + "  " + Padded(row.code, code) + Padded(row.meaning, meaning);
    table.append("curl -i ").append(url).append("/export/connections/").append(row.connection);
    table += AuthorizationFlags(row.authorizations);
    table += "\n";
  }
  return table;
}

}  // namespace emulator
