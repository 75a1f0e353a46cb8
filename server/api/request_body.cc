#include "api/request_body.h"

#include <algorithm>

#include "base/strict_json.h"

namespace emulator::api {

namespace {

bool HasType(const nlohmann::json& value, RequestBody::Member::Type type) {
  switch (type) {
    case RequestBody::Member::kText:
      return value.is_string();
    case RequestBody::Member::kBoolean:
      return value.is_boolean();
    case RequestBody::Member::kTexts:
      return value.is_array() && !value.empty() &&
             std::all_of(value.begin(), value.end(),
                         [](const auto& item) { return item.is_string(); });
  }
  return false;
}

}  // namespace

RequestBody::RequestBody(const std::string& text) {
  try {
    body_ = ParseStrictJson(text);
  } catch (const JsonTextError&) {
    body_ = nullptr;
  }
  if (!IsObject())
    invalid_.push_back({"InvalidValue", "Provided request body value is not valid.", ""});
}

const nlohmann::json* RequestBody::Find(const char* name) const {
  if (!IsObject()) return nullptr;
  const auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

std::string RequestBody::RequiredText(const char* name) {
  if (IsObject() && !Find(name)) invalid_.push_back(MissingProperty(name));
  return Text(name);
}

std::string RequestBody::Text(const char* name) {
  const nlohmann::json* value = Find(name);
  if (!value) return "";
  if (value->is_string()) return value->get<std::string>();
  Refuse(name);
  return "";
}

std::string RequestBody::Choice(const char* name, std::span<const std::string_view> choices) {
  const nlohmann::json* value = Find(name);
  if (!value) return "";
  if (value->is_string() && std::find(choices.begin(), choices.end(),
                                      value->get_ref<const std::string&>()) != choices.end())
    return value->get<std::string>();
  Refuse(name);
  return "";
}

void RequestBody::Object(const char* name, std::span<const Member> members) {
  const nlohmann::json* object = Find(name);
  if (!object) return;
  if (!object->is_object()) return Refuse(name);
  for (const Member& member : members) {
    const auto value = object->find(member.name);
    if (value != object->end() && !value->is_null() && !HasType(*value, member.type))
      Refuse((std::string(name) + "." + member.name).c_str());
  }
}

}  // namespace emulator::api
