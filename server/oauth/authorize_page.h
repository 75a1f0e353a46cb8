// The page on which a user logs in.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oauth/form.h"

namespace emulator::oauth {

// The parameter that the page sends when the user declines.
inline constexpr std::string_view kDeclined = "emulator_declined";

// HTML with a button for each user, which repeats the authorization request `form` to the URL
// `action` with login_hint added.
std::string LogInPage(const std::string& client, const std::vector<std::string>& users,
                      const Form& form, const std::string& action);

}  // namespace emulator::oauth
