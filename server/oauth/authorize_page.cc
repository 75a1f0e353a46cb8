#include "oauth/authorize_page.h"

namespace emulator::oauth {

namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string Button(std::string_view name, std::string_view value, std::string_view text) {
  std::string button = "<button name=\"";
  return button.append(name)
      .append("\" value=\"")
      .append(Escaped(value))
      .append("\">")
      .append(Escaped(text))
      .append("</button>\n");
}

}  // namespace

std::string LogInPage(const std::string& client, const std::vector<std::string>& users,
                      const Form& form, const std::string& action) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>Log in - Export Emulator</title>\n"
      "<style>\nbody { font: 16px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; "
      "padding: 0 1rem; }\nbutton { display: block; width: 100%; margin: .5rem 0; padding: .6rem; "
      "font: inherit; }\n</style>\n<h1>Log in</h1>\n";
  page.append("<p>The client <b>").append(Escaped(client)).append("</b> requests the scope <b>");
  page.append(Escaped(form.Text("scope"))).append("</b>. Log in as:</p>\n");
  page.append("<form action=\"").append(Escaped(action)).append("\">\n");
  for (const auto& [name, value] : form.values())
    page.append("<input type=\"hidden\" name=\"")
        .append(Escaped(name))
        .append("\" value=\"")
        .append(Escaped(value))
        .append("\">\n");
  for (const std::string& user : users) page += Button("login_hint", user, user);
  page += Button(kDeclined, "true", "Decline");
  return page +
         "</form>\n<p>This is an emulator, not the vendor's service. It uses no "
         "passwords.</p>\n</html>\n";
}

}  // namespace emulator::oauth
