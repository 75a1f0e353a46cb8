#include "cli/validate_command.h"

#include <iostream>

#include "api/operations.h"
#include "cli/exit_codes.h"
#include "cli/seed.h"
#include "cli/value_parsers.h"
#include "fixtures/fixture_store.h"
#include "fixtures/lint.h"

namespace emulator::cli {

Syntax ValidateSyntax(ValidateOptions& o) {
  return {.operand = Operand{
              {"FILE", nullptr, "FILE", "none",
               "Fixture files, folders of them, or - for standard input", ToTextList(o.sources)},
              /*is_required=*/true}};
}

int RunValidate(const ValidateOptions& options) {
  const fixtures::FixtureSet set = LoadSeed(
      options.sources, [](std::string_view notice) { std::cerr << "notice: " << notice << "\n"; });
  const fixtures::FixtureStore store(set);  // checks the references between rows
  for (const std::string& warning : fixtures::LintFixtures(set, api::Scopes()))
    std::cerr << "warning: " << warning << "\n";
  std::cout << "ok: connections " << set.connections.items.size() << ", users "
            << set.users.items.size() << ", clients " << set.clients.items.size() << ", tokens "
            << set.tokens.items.size() << ", runs " << set.runs.items.size() << ", run plans "
            << set.run_plans.items.size() << "\n";
  return kSuccess;
}

}  // namespace emulator::cli
