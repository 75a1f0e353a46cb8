// The page on which a user says who they are.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oauth/form.h"

namespace emulator::oauth {

// The parameter that the page adds where the user declines.
inline constexpr std::string_view kDeclined = "emulator_declined";

// `form`: the authorization request, which each answer of the page repeats, to `action`, with
// login_hint for the user.
std::string LogInPage(const std::string& client, const std::vector<std::string>& users,
                      const Form& form, const std::string& action);

}  // namespace emulator::oauth
