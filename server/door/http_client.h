// Asks a running emulator over HTTP: for the commands that do.
// Threads: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "door/http.h"

namespace emulator {

// True when GET of the path is answered 200 within the time. Never throws.
bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time);

// The answer to a GET or a POST; nullopt: nobody answered. `url`: with http:// and a path or none,
// which the request's target is put behind. Never throws.
std::optional<Response> Ask(const std::string& url, const Request& request,
                            std::chrono::milliseconds time);

}  // namespace emulator
