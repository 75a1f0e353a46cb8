#include "http/redaction.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::http;

namespace {

std::string BlackedOut(const Headers& headers, std::string text) {
  const Credentials credentials(headers);
  credentials.Redact(text.data(), text.size());
  return text;
}

}  // namespace

TEST_CASE("the names of parameters and headers that may contain a secret") {
  for (const char* name : {"access_token", "TOKEN", "client_secret", "code", "X-Api-Token",
                           "Cookie", "Proxy-Authorization", "to%6Ben", "id_token_hint"})
    CHECK_MESSAGE(IsSecretName(name), name);
  for (const char* name : {"", "imodelId", "$top", "Accept", "Host", "X-Correlation-Id",
                           "code_challenge", "code_challenge_method", "token_type_hint"})
    CHECK_FALSE_MESSAGE(IsSecretName(name), name);
}

TEST_CASE("RedactQuery replaces the values of secret parameters only") {
  CHECK(RedactQuery("/a?x=1&access_token=abc&y") == "/a?x=1&access_token=***&y");
  CHECK(RedactQuery("/a?to%6Ben=abc") == "/a?to%6Ben=***");
  CHECK(RedactQuery("/a/token=abc") == "/a/token=abc");
  CHECK(RedactQuery("/a?") == "/a?");
}

TEST_CASE("credentials are found anywhere in a text") {
  const Headers headers{{"Authorization", "Bearer abcdefgh"}, {"authorization", "Basic MTIzNDU2"}};
  CHECK(BlackedOut(headers, "/x/abcdefgh?y=MTIzNDU2") == "/x/********?y=********");
  CHECK(BlackedOut(headers, "abcdefghabcdefg") == "********abcdefg");
  CHECK(BlackedOut(headers, "") == "");
  CHECK(Credentials(headers).AppearIn("...abcdefgh"));
  CHECK_FALSE(Credentials(headers).AppearIn("abcdefg"));
  CHECK_FALSE(Credentials({}).AppearIn("abcdefgh"));
}

TEST_CASE("a header without a known scheme is a credential as a whole") {
  CHECK(Credentials({{"Authorization", "my-secret token"}}).AppearIn("my-secret token"));
}

TEST_CASE("credentials too short to be distinguished from other text are not redacted") {
  CHECK(BlackedOut({{"Authorization", "Bearer export"}}, "/export/connections") ==
        "/export/connections");
}

TEST_CASE("RedactAuthorization shows the scheme and the token's name or hash") {
  CHECK(RedactAuthorization("Bearer abc", "reader") == "Bearer reader");
  CHECK(RedactAuthorization("bearer   abc", "reader") == "bearer reader");
  CHECK(RedactAuthorization("Bearer a-secret", "") == "Bearer #b4d8752439");
  CHECK(RedactAuthorization("a-secret", "") == "#b4d8752439");
  CHECK(RedactAuthorization("Bearer", "") == "Bearer");
  CHECK(RedactAuthorization("", "") == "");
  // An unknown scheme may be a part of the secret.
  CHECK(RedactAuthorization("hunter2 a-secret", "").find("hunter2") == std::string::npos);
}
