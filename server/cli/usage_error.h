// The exception for an invalid command line, variable or input file. The program exits with
// kBadInput. Threads: values.
#pragma once

#include <stdexcept>

namespace emulator::cli {

// what() is a message for the user that says what to do. It never contains a secret.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace emulator::cli
