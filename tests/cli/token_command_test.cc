#include "cli/token_command.h"

#include "cli/parse.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the request for a token has only the members that are given") {
  CHECK(TokenRequestBody({}) == "{}");
  const TokenOptions options = Parse<TokenOptions, TokenSyntax>(
      "token", {"--client", "c", "--user", "u", "--scope", "a", "--scope", "b", "--ttl", "5",
                "--defect", "expired"});
  CHECK(TokenRequestBody(options) ==
        R"({"client":"c","defect":"expired","scopes":["a","b"],"ttl":5,"user":"u"})");
}
