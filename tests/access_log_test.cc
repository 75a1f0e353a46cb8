#include "access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/real_time.h"
#include "support/world.h"

using namespace emulator;
using namespace std::chrono_literals;

namespace {

AccessLine Line() {
  return {.time = kNoon,
          .method = "GET",
          .target = "/a?b=c",
          .status = 401,
          .gate = "authenticate",
          .reason = "token-expired",
          .client = "app",
          .token = "expired",
          .correlation_id = "id-1",
          .duration = 1234us};
}

// Both ends of a pipe, closed at the end.
struct Pipe {
  Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
  ~Pipe() {
    for (const int end : ends) ::close(end);
  }
  // All that was written; the writing end is closed by this.
  std::string ReadAll() {
    ::close(ends[1]);
    ends[1] = -1;
    std::string text;
    std::array<char, 4096> bytes{};
    for (ssize_t n = 0; (n = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
      text.append(bytes.data(), static_cast<size_t>(n));
    return text;
  }
  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("a text line has status, gate, duration and the known details") {
  CHECK(
      Format(Line(), LogFormat::kText) ==
      "2026-11-24T12:00:00.000Z GET /a?b=c 401 authenticate 1.234ms reason=token-expired client=app"
      " token=expired id=id-1\n");
}

TEST_CASE("a JSON line has the same members") {
  const std::string text = Format(Line(), LogFormat::kJson);
  CHECK(text.back() == '\n');
  const auto json = nlohmann::json::parse(text);
  CHECK(json["status"] == 401);
  CHECK(json["durationMs"] == 1.234);
  CHECK(json["reason"] == "token-expired");
  CHECK_FALSE(json.contains("user"));
}

TEST_CASE("query parameters that could be secrets are redacted") {
  AccessLine line = Line();
  for (const auto& [target, shown] :
       {std::pair{"/a?access_token=s3cret&x=1", "/a?access_token=***&x=1"},
        {"/a?x=1&client_Secret=s3cret", "/a?x=1&client_Secret=***"},
        {"/a?code=s3cret", "/a?code=***"},
        {"/a?token", "/a?token"},
        {"/a?&&x=", "/a?&&x="},
        {"/a?", "/a?"}}) {
    line.target = target;
    for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
      const std::string text = Format(line, format);
      INFO(text);
      CHECK(text.find("s3cret") == std::string::npos);
      CHECK(text.find(shown) != std::string::npos);
    }
  }
}

TEST_CASE("lines are written in order, and the last ones on destruction") {
  Pipe pipe;
  {
    AccessLog log(pipe.ends[1], LogFormat::kText);
    log.Notice("first");
    log.Write(Line());
    log.LogError("last");
  }
  const std::string text = pipe.ReadAll();
  CHECK(text.starts_with("notice: first\n2026-"));
  CHECK(text.ends_with("fault: last\n"));
}

TEST_CASE("off suppresses requests, not errors") {
  Pipe pipe;
  {
    AccessLog log(pipe.ends[1], LogFormat::kOff);
    log.Write(Line());
    log.LogError("it broke");
  }
  CHECK(pipe.ReadAll() == "fault: it broke\n");
}

TEST_CASE("an unread log blocks neither writers nor destruction") {
  Pipe pipe;
  const RealTime start = RealNow();
  {
    AccessLog log(pipe.ends[1], LogFormat::kText);
    for (int i = 0; i < 100'000; ++i) log.Write(Line());
  }
  CHECK(RealNow() - start < 60s);  // far longer, and far shorter than for ever
}

TEST_CASE("dropped lines are counted and reported") {
  Pipe pipe;
  AccessLine line = Line();
  const std::string target = "/" + std::string(8000, 'x');
  line.target = target;
  {
    AccessLog log(pipe.ends[1], LogFormat::kText);
    for (int i = 0; i < 1000; ++i) log.Write(line);
    std::array<char, 65536> bytes{};
    std::string text;
    while (text.find("log lines lost") == std::string::npos) {
      const ssize_t n = ::read(pipe.ends[0], bytes.data(), bytes.size());
      REQUIRE(n > 0);
      text.append(bytes.data(), static_cast<size_t>(n));
      if (text.size() > 16'000'000) FAIL("nothing said");
    }
  }
}

TEST_CASE("C1 control characters in client-given text do not reach the terminal") {
  const std::string csi = "\xc2\x9b";  // U+009B: a terminal takes it for the start of a command
  const std::string target = "/a" + csi, method = "G" + csi, client = "c" + csi + "31m";
  AccessLine line = Line();
  line.target = target;
  line.method = method;
  line.client = client;
  const std::string text = Format(line, LogFormat::kText);
  CHECK(text.find(csi) == std::string::npos);
  CHECK(text.find("G? /a? 401") != std::string::npos);
  CHECK(text.find("client=c?31m") != std::string::npos);
  CHECK(Format(line, LogFormat::kJson).find(csi) == std::string::npos);

  Pipe pipe;
  AccessLog(pipe.ends[1], LogFormat::kText).LogError("bad " + csi + " text\nsecond line");
  CHECK(pipe.ReadAll() == "fault: bad ? text\nsecond line\n");
}
