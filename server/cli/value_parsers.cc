#include "cli/value_parsers.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "api/operations.h"
#include "base/text.h"
#include "cli/usage_error.h"
#include "crypto/certificates.h"
#include "tokens/token_maker.h"

namespace emulator::cli {

namespace {

constexpr uint64_t kMaxWindow = 31'536'000;  // seconds: a year

void RequireText(const std::string& place, const std::string& text) {
  if (text.empty()) throw UsageError(place + ": is empty. Give it a value or leave it out.");
}

// http or https, and only characters that need no quotes in a shell.
bool IsPlainUrl(std::string_view text) {
  const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
  return has_scheme && std::all_of(text.begin(), text.end(), [](char c) {
           return IsLetterOrDigit(c) || std::string_view("-._~:/[]%").find(c) != std::string::npos;
         });
}

std::vector<std::string> OperationNames() {
  std::vector<std::string> names;
  for (const api::Operation& operation : api::Operations()) names.emplace_back(operation.name);
  return names;
}

std::string ParseOperationName(const std::string& place, const std::string& text) {
  const std::vector<std::string> names = OperationNames();
  if (!api::FindOperation(text))
    RejectValue(place, text, "the name of an operation: " + Alternatives(names),
                DidYouMean(text, names));
  return text;
}

}  // namespace

void RejectValue(const std::string& place, const std::string& text, const std::string& expected,
                 const std::string& hint) {
  throw UsageError(place + ": \"" + ScrubControls(text) + "\" is not " + expected + "." + hint);
}

std::string Alternatives(const std::vector<std::string>& names) {
  if (names.size() < 2) return Join(names);
  return Join({names.begin(), names.end() - 1}) + " or " + names.back();
}

uint64_t ParseNumber(const std::string& place, const std::string& text, uint64_t least,
                     uint64_t most) {
  const auto number = ParseWholeNumber(text, least, most);
  if (!number)
    RejectValue(place, text,
                "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return *number;
}

int ParsePort(const std::string& place, const std::string& text) {
  const auto port = ParseWholeNumber(text, 0, 65535);
  if (!port) RejectValue(place, text, "a port: a whole number from 0 (a free port) to 65535");
  return static_cast<int>(*port);
}

ValueParser ToSwitch(bool& to) {
  const auto parse = [&to](const std::string& place, const std::string& text) {
    if (text != "true" && text != "1" && text != "false" && text != "0")
      RejectValue(place, text, "a switch: true or 1, false or 0");
    to = text == "true" || text == "1";
  };
  return {parse, ValueParser::Kind::kSwitch};
}

ValueParser ToText(std::string& to) {
  return {[&to](const std::string& place, const std::string& text) {
    RequireText(place, text);
    to = text;
  }};
}

ValueParser ToTextList(std::vector<std::string>& to) {
  const auto parse = [&to](const std::string& place, const std::string& text) {
    RequireText(place, text);
    to.push_back(text);
  };
  return {parse, ValueParser::Kind::kList};
}

ValueParser ToUrl(std::string& to) {
  return {[&to](const std::string& place, const std::string& text) {
    RequireText(place, text);
    if (!IsPlainUrl(text))
      RejectValue(place, text, "the URL of an emulator, such as http://localhost:8080");
    to = text;
  }};
}

ValueParser ToCertificateNames(std::vector<std::string>& to) {
  const auto parse = [&to](const std::string& place, const std::string& text) {
    if (!crypto::IsCertificateName(text))
      RejectValue(place, text, "a DNS name such as api.bentley.com, or an IP address");
    to.push_back(text);
  };
  return {parse, ValueParser::Kind::kList};
}

ValueParser ToRateLimit(std::optional<std::vector<fixtures::RateLimit>>& to) {
  return {[&to](const std::string& place, const std::string& text) {
    if (text == "off") {
      to.emplace();
      return;
    }
    const std::string_view view(text);
    const size_t slash = view.find('/');
    const auto calls = ParseWholeNumber(view.substr(0, slash), 0, 1'000'000'000);
    const auto seconds = slash == std::string_view::npos
                             ? std::nullopt
                             : ParseWholeNumber(view.substr(slash + 1), 1, kMaxWindow);
    if (!calls || !seconds)
      RejectValue(place, text, "a rate limit: \"off\", or CALLS/SECONDS such as 100/60");
    to = {{static_cast<int64_t>(*calls), std::chrono::seconds(*seconds)}};
  }};
}

ValueParser ToAssumptions(world::ApiProfile& to) {
  std::vector<std::string> names;
  for (const world::Assumption& known : world::Assumptions()) names.emplace_back(known.name);
  const auto parse = [&to, names](const std::string& place, const std::string& text) {
    const world::Assumption* assumption = world::FindAssumption(text);
    if (!assumption)
      RejectValue(place, text, "an assumption: " + Alternatives(names), DidYouMean(text, names));
    to.*assumption->member = true;
  };
  return {parse, ValueParser::Kind::kList, names};
}

// Clients compare the issuer byte by byte, and the path of a sandbox is appended to it.
ValueParser ToIssuer(std::string& to) {
  return {[&to](const std::string& place, const std::string& text) {
    RequireText(place, text);
    if (!IsPlainUrl(text) || text.ends_with('/'))
      RejectValue(place, text,
                  "an issuer: a URL such as https://login.example, without '/' at its end");
    to = text;
  }};
}

ValueParser ToControlToken(std::string& to) {
  return {[&to](const std::string& place, const std::string& text) {
    RequireText(place, text);
    if (!std::all_of(text.begin(), text.end(), IsVisible))
      throw UsageError(place + ": is not a token. Use visible ASCII characters without spaces.");
    to = text;
  }};
}

ValueParser ToOperation(std::string& to) {
  const auto parse = [&to](const std::string& place, const std::string& text) {
    to = ParseOperationName(place, text);
  };
  return {parse, ValueParser::Kind::kSingle, OperationNames()};
}

ValueParser ToOperations(std::vector<std::string>& to) {
  const auto parse = [&to](const std::string& place, const std::string& text) {
    to.push_back(ParseOperationName(place, text));
  };
  return {parse, ValueParser::Kind::kList, OperationNames()};
}

ValueParser ToTokenDefect(std::string& to) {
  const std::vector<std::string> names = tokens::CorruptionNames();
  const auto parse = [&to, names](const std::string& place, const std::string& text) {
    if (!tokens::FindCorruption(text))
      RejectValue(place, text, "a defect: " + Alternatives(names), DidYouMean(text, names));
    to = text;
  };
  return {parse, ValueParser::Kind::kSingle, names};
}

}  // namespace emulator::cli
