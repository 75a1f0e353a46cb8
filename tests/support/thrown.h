// What a test is refused with by an exception.
#pragma once

#include <string>

// What an Error says that the function throws; "taken": it throws none.
template <typename Error, typename Function>
std::string Thrown(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}
