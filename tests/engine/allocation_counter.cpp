// In a file of its own: the compiler must not look through the operators to what they are made of.
#include "tests/engine/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NULLCLINE_ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define NULLCLINE_ADDRESS_SANITIZER 1
#endif

#if defined(NULLCLINE_ADDRESS_SANITIZER)
// <sanitizer/allocator_interface.h> does not come with every compiler.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void*);
#elif defined(__linux__)
#include <malloc.h>
#endif

namespace {

std::atomic<long> count{0};
std::atomic<std::ptrdiff_t> in_use{0}, start{0}, most_in_use{0};

void taken(std::size_t size) {
  ++count;
  const std::ptrdiff_t now = in_use += static_cast<std::ptrdiff_t>(size);
  if (now > most_in_use) most_in_use = now;  // near enough where several threads ask at once
}

void given_back(std::size_t size) { in_use -= static_cast<std::ptrdiff_t>(size); }

}  // namespace

#if defined(NULLCLINE_ADDRESS_SANITIZER)

namespace {

void on_malloc(const volatile void*, std::size_t size) { taken(size); }
void on_free(const volatile void* memory) {
  if (memory != nullptr) given_back(__sanitizer_get_allocated_size(memory));
}
[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);

}  // namespace

#else

namespace {

std::size_t size_of(void* memory) {
#if defined(__linux__)
  return malloc_usable_size(memory);
#else
  return 0 * reinterpret_cast<std::size_t>(memory);  // not known
#endif
}

void* counted(std::size_t size, std::size_t alignment) {
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (memory == nullptr) throw std::bad_alloc();
  taken(size_of(memory));
  return memory;
}

void release(void* memory) {
  given_back(size_of(memory));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }

#endif

namespace nullcline::support {

long allocations() { return count; }

MemoryWatch::MemoryWatch() {
  start = in_use.load();
  most_in_use = in_use.load();
}

std::size_t MemoryWatch::most() const { return static_cast<std::size_t>(most_in_use - start); }

}  // namespace nullcline::support
