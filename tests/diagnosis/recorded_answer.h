// A response with the journal entry of its request.
#pragma once

#include <string>
#include <utility>

#include "support/test_emulator.h"

namespace emulator {

struct RecordedAnswer {
  http::Response response;
  journal::RecordedEntry recorded;
};

inline journal::RecordedEntry LastEntry(TestEmulator& ask) {
  return ask.worlds.Default()->journal->Read().back();
}
inline RecordedAnswer Record(TestEmulator& ask, const http::Request& request) {
  http::Response response = ask(request);
  return {std::move(response), LastEntry(ask)};
}
inline RecordedAnswer Record(TestEmulator& ask, const std::string& target,
                             const std::string& token = "") {
  return Record(ask, Get(target, token));
}

inline http::Request WithHeader(http::Request request, const char* name, const std::string& value) {
  request.headers.Add(name, value);
  return request;
}

inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace emulator
