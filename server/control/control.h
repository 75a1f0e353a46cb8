// The emulator's own calls: what it is, whether it is alive and ready, the fixtures' schema. Never
// metered.
// Threads: any; immutable after construction.
#pragma once

#include <string>

#include "door/http.h"
#include "door/router.h"

namespace emulator {

class Control {
 public:
  Control();

  // True for a path that is the emulator's and not the vendor's.
  static bool Owns(std::string_view path);

  Response Answer(const Request& request) const;

 private:
  const Router router_;
};

}  // namespace emulator
