// The message of an expected exception.
#pragma once

#include <string>

// The message of the Error that the function throws; "taken" if it throws none.
template <typename Error, typename Function>
std::string Thrown(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}
