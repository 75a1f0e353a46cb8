#include "door/secrets.h"

#include "world.h"

using namespace emulator;

namespace {

std::string BlackedOut(const Headers& headers, std::string text) {
  const Credentials credentials(headers);
  credentials.BlackOut(text.data(), text.size());
  return text;
}

}  // namespace

TEST_CASE("names of parameters and headers that may hold a secret") {
  for (const char* name : {"access_token", "TOKEN", "client_secret", "code", "X-Api-Token",
                           "Cookie", "Proxy-Authorization", "to%6Ben", "id_token_hint"})
    CHECK_MESSAGE(IsSecretName(name), name);
  for (const char* name : {"", "imodelId", "$top", "Accept", "Host", "X-Correlation-Id",
                           "code_challenge", "code_challenge_method", "token_type_hint"})
    CHECK_FALSE_MESSAGE(IsSecretName(name), name);
}

TEST_CASE("the values of such parameters are blacked out, all else of a target stays") {
  CHECK(WithoutSecrets("/a?x=1&access_token=abc&y") == "/a?x=1&access_token=***&y");
  CHECK(WithoutSecrets("/a?to%6Ben=abc") == "/a?to%6Ben=***");
  CHECK(WithoutSecrets("/a/token=abc") == "/a/token=abc");
  CHECK(WithoutSecrets("/a?") == "/a?");
}

TEST_CASE("credentials are found wherever they are") {
  const Headers headers{{"Authorization", "Bearer abcdefgh"}, {"authorization", "Basic MTIzNDU2"}};
  CHECK(BlackedOut(headers, "/x/abcdefgh?y=MTIzNDU2") == "/x/********?y=********");
  CHECK(BlackedOut(headers, "abcdefghabcdefg") == "********abcdefg");
  CHECK(BlackedOut(headers, "") == "");
  CHECK(Credentials(headers).AreIn("...abcdefgh"));
  CHECK_FALSE(Credentials(headers).AreIn("abcdefg"));
  CHECK_FALSE(Credentials({}).AreIn("abcdefgh"));
}

TEST_CASE("a header without a scheme that is known is a credential as a whole") {
  CHECK(Credentials({{"Authorization", "my-secret token"}}).AreIn("my-secret token"));
}

TEST_CASE("what is too short to be told from other text is not blacked out") {
  CHECK(BlackedOut({{"Authorization", "Bearer export"}}, "/export/connections") ==
        "/export/connections");
}

TEST_CASE("an Authorization header is shown by its scheme and the token's name or hash") {
  CHECK(ShownAuthorization("Bearer abc", "reader") == "Bearer reader");
  CHECK(ShownAuthorization("bearer   abc", "reader") == "bearer reader");
  CHECK(ShownAuthorization("Bearer a-secret", "") == "Bearer #b4d8752439");
  CHECK(ShownAuthorization("a-secret", "") == "#b4d8752439");
  CHECK(ShownAuthorization("Bearer", "") == "Bearer");
  CHECK(ShownAuthorization("", "") == "");
  // What looks like a scheme could be half of a secret.
  CHECK(ShownAuthorization("hunter2 a-secret", "").find("hunter2") == std::string::npos);
}
