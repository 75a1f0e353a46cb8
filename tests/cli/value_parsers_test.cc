#include "cli/value_parsers.h"

#include "cli/parse.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

std::string ValueErrorOf(const ValueParser& parser, const std::string& text) {
  return Thrown<UsageError>([&] { parser.parse("--x", text); });
}

}  // namespace

TEST_CASE("alternatives are listed as in a sentence") {
  CHECK(Alternatives({"a"}) == "a");
  CHECK(Alternatives({"a", "b", "c"}) == "a, b or c");
}

TEST_CASE("a switch") {
  bool is_on = false;
  const ValueParser parser = ToSwitch(is_on);
  parser.parse("--x", "1");
  CHECK(is_on);
  parser.parse("--x", "false");
  CHECK_FALSE(is_on);
  CHECK(ValueErrorOf(parser, "yes") == "--x: \"yes\" is not a switch: true or 1, false or 0.");
}

TEST_CASE("a text may not be empty") {
  std::string text;
  CHECK(ValueErrorOf(ToText(text), "") == "--x: is empty. Give it a value or leave it out.");
  std::vector<std::string> list;
  CHECK(ValueErrorOf(ToTextList(list), "").starts_with("--x: is empty"));
}

TEST_CASE("numbers and ports have bounds") {
  int number = 0;
  ToNumber(number, 1, 1000).parse("--x", "1000");
  CHECK(number == 1000);
  for (const char* text : {"0", "1001", "-1", "1x", "", " 1", "99999999999999999999"})
    CHECK(ValueErrorOf(ToNumber(number, 1, 1000), text) ==
          std::string("--x: \"") + text + "\" is not a whole number from 1 to 1000.");
  for (const char* text : {"http", "65536", "-1", "8080x"})
    CHECK(ValueErrorOf(ToPort(number), text) ==
          std::string("--x: \"") + text +
              "\" is not a port: a whole number from 0 (a free port) to 65535.");
}

TEST_CASE("a choice") {
  LogFormat format = LogFormat::kText;
  const ValueParser parser = ToChoice<LogFormat>(
      format, "a log format", {{"text", LogFormat::kText}, {"json", LogFormat::kJson}});
  parser.parse("--x", "json");
  CHECK(format == LogFormat::kJson);
  CHECK(ValueErrorOf(parser, "jsno") ==
        "--x: \"jsno\" is not a log format: text or json. Did you mean \"json\"?");
}

TEST_CASE("a rate limit") {
  std::optional<std::vector<fixtures::RateLimit>> limits;
  const ValueParser parser = ToRateLimit(limits);
  parser.parse("--x", "off");
  CHECK(limits == std::vector<fixtures::RateLimit>{});
  parser.parse("--x", "0/1");
  CHECK(limits == std::vector<fixtures::RateLimit>{{0, std::chrono::seconds(1)}});
  for (const char* text : {"10", "10/0", "-1/60", "none", "/", "1/"})
    CHECK(ValueErrorOf(parser, text).find(" is not a rate limit: \"off\", or CALLS/SECONDS") !=
          std::string::npos);
}

TEST_CASE("URLs, issuers and names of certificates") {
  std::string text;
  for (const char* url : {"localhost", "ftp://a", "http://a b", "http://a';b"})
    CHECK(ValueErrorOf(ToUrl(text), url).find(" is not the URL of an emulator") !=
          std::string::npos);
  CHECK(ValueErrorOf(ToUrl(text), "http://[::1]:1/_sandbox/a") == "taken");
  CHECK(ValueErrorOf(ToIssuer(text), "https://a/").find("without '/'") != std::string::npos);
  std::vector<std::string> names;
  CHECK(ValueErrorOf(ToCertificateNames(names), "https://a").find("is not a DNS name") !=
        std::string::npos);
}

TEST_CASE("names of operations, assumptions and defects are suggested") {
  std::string text;
  std::vector<std::string> list;
  world::ApiProfile profile;
  CHECK(ValueErrorOf(ToOperation(text), "get-export-conection")
            .ends_with("Did you mean \"get-export-connection\"?"));
  CHECK(ValueErrorOf(ToOperations(list), "x").find("is not the name of an operation: ") !=
        std::string::npos);
  CHECK(ValueErrorOf(ToAssumptions(profile), "project-lnk")
            .ends_with("Did you mean \"project-link\"?"));
  CHECK(ValueErrorOf(ToTokenDefect(text), "expird").ends_with("Did you mean \"expired\"?"));
}

TEST_CASE("a control token is not in the message about it") {
  std::string token;
  const std::string message = ValueErrorOf(ToControlToken(token), "sesame open");
  CHECK(message.find("sesame") == std::string::npos);
  CHECK(message.starts_with("--x: is not a token."));
}

TEST_CASE("control characters do not reach the terminal") {
  int number = 0;
  CHECK(ValueErrorOf(ToPort(number), "\x1b[31m").find('\x1b') == std::string::npos);
}
