#include "cli/validate_command.h"

#include <iostream>
#include <string>

#include "api/operations.h"
#include "cli/exit_codes.h"
#include "cli/seed.h"
#include "cli/value_parsers.h"
#include "fixtures/fixture_store.h"
#include "fixtures/kinds.h"
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
  std::string counts;
  fixtures::ForEachSection(set, [&]<typename Row>(const fixtures::Section<Row>& section) {
    counts.append(counts.empty() ? "" : ", ")
        .append(fixtures::kKind<Row>.name)
        .append("s ")
        .append(std::to_string(section.items.size()));
  });
  std::cout << "ok: " << counts << "\n";
  return kSuccess;
}

}  // namespace emulator::cli
