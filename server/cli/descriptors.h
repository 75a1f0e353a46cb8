// File descriptors of the process.
// Threads: the main thread, before others start.
#pragma once

namespace emulator::cli {

// Opens /dev/null for each closed standard descriptor: else the next file that is opened, such as a
// store, would get the descriptor, and output would go into that file.
void ReserveStdio();

// Raises the soft limit of open files, often 1,024, to the hard one: each client needs a
// descriptor.
void RaiseDescriptorLimit();

}  // namespace emulator::cli
