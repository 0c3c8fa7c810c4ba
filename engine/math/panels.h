#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace nullcline {

/// The one memory layout: trials stand in panels of eight, the trial index runs fastest.
/// An array over units at one step of one panel is `[unit][8]`.
constexpr int panel_width = 8;

/// Panels that are trained on as one slice: 16 trials, whose states over 200 steps of 50 units fit a
/// second-level cache. Slices are fixed by the batch, never by the number of threads, so the order of sums is
/// fixed too.
constexpr int panels_per_slice = 2;
constexpr int trials_per_slice = panel_width * panels_per_slice;

/// Steps whose contributions to a gradient are summed before they are added to it (docs/numerics.md).
constexpr int steps_per_block = 25;

constexpr int ceil_divide(int number, int divisor) { return (number + divisor - 1) / divisor; }

/// 64-byte aligned memory for floats; its content is undefined until written. Throws std::bad_alloc.
class FloatBuffer {
 public:
  FloatBuffer() = default;
  explicit FloatBuffer(std::size_t size) { resize(size); }
  FloatBuffer(const FloatBuffer& other) { *this = other; }
  FloatBuffer& operator=(const FloatBuffer& other) {
    if (this != &other) {
      resize(other.size_);
      if (size_ > 0) std::memcpy(data_, other.data_, size_ * sizeof(float));
    }
    return *this;
  }
  FloatBuffer(FloatBuffer&& other) noexcept { *this = std::move(other); }
  FloatBuffer& operator=(FloatBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~FloatBuffer() { release(); }

  /// Grows without keeping the content; never shrinks its memory, so that steady state allocates nothing.
  /// Throws std::bad_alloc also where the number of bytes cannot be counted.
  void resize(std::size_t size) {
    if (size > SIZE_MAX / 2 / sizeof(float)) throw std::bad_alloc();
    if (size > capacity_) {
      release();
      data_ = static_cast<float*>(::operator new (size * sizeof(float), std::align_val_t{64}));
      capacity_ = size;
    }
    size_ = size;
  }
  void fill(float value) {
    for (std::size_t i = 0; i < size_; ++i) data_[i] = value;
  }

  float* data() { return data_; }
  const float* data() const { return data_; }
  std::size_t size() const { return size_; }
  float& operator[](std::size_t i) { return data_[i]; }
  float operator[](std::size_t i) const { return data_[i]; }
  float* begin() { return data_; }
  float* end() { return data_ + size_; }
  const float* begin() const { return data_; }
  const float* end() const { return data_ + size_; }

 private:
  void release() {
    ::operator delete (data_, std::align_val_t{64});
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  float* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A quantity over time for the panels of one slice: `[panel][step][row][8]`.
/// Steps stand a cache line further apart than their rows need, because a stride that is a power of two
/// would put every step of one unit into the same set of the cache. A series may hold a window of a trial's
/// steps; they are counted as in the trial. Below the rows of a step there may be room for more, which are
/// not counted: a product takes both at once.
class PanelSeries {
 public:
  /// By how many rows steps stand further apart than their rows need: a cache line.
  static constexpr int padding_rows = 2;
  /// What so many panels take.
  static double bytes(double panels, double steps, double rows) {
    return panels * steps * (rows + padding_rows) * panel_width * sizeof(float);
  }

  void resize(int panels, int steps, int rows, int rows_below = 0) {
    panels_ = panels;
    steps_ = steps;
    rows_ = rows;
    first_ = 0;
    step_stride_ = (static_cast<std::ptrdiff_t>(rows) + rows_below + padding_rows) * panel_width;
    // In 32 bits the product may be too large to be counted.
    const double size = static_cast<double>(step_stride_) * steps * panels;
    if (size > static_cast<double>(PTRDIFF_MAX / sizeof(float))) throw std::bad_alloc();
    panel_stride_ = step_stride_ * steps;
    buffer_.resize(static_cast<std::size_t>(panel_stride_ * panels));
  }
  void fill(float value) { buffer_.fill(value); }
  /// What it holds are the steps from `first` on; 0 after `resize`.
  void move_to(int first) { first_ = first; }

  float* at(int panel, int step) {
    return buffer_.data() + panel * panel_stride_ + (step - first_) * step_stride_;
  }
  const float* at(int panel, int step) const {
    return buffer_.data() + panel * panel_stride_ + (step - first_) * step_stride_;
  }
  /// The first of the rows below.
  float* below(int panel, int step) {
    return at(panel, step) + static_cast<std::ptrdiff_t>(rows_) * panel_width;
  }
  float& value(int trial, int step, int row) {
    return at(trial / panel_width, step)[row * panel_width + trial % panel_width];
  }
  float value(int trial, int step, int row) const {
    return at(trial / panel_width, step)[row * panel_width + trial % panel_width];
  }

  int panels() const { return panels_; }
  /// Steps that it holds.
  int steps() const { return steps_; }
  int rows() const { return rows_; }
  std::ptrdiff_t step_stride() const { return step_stride_; }
  std::ptrdiff_t panel_stride() const { return panel_stride_; }

 private:
  FloatBuffer buffer_;
  int panels_ = 0;
  int steps_ = 0;
  int first_ = 0;
  int rows_ = 0;
  std::ptrdiff_t step_stride_ = 0;
  std::ptrdiff_t panel_stride_ = 0;
};

/// Copies the rows of a step below those of another series, which must have room for them.
inline void place_below(const PanelSeries& from, int step, PanelSeries& to, int place) {
  for (int panel = 0; panel < to.panels(); ++panel)
    std::memcpy(to.below(panel, place), from.at(panel, step),
                sizeof(float) * panel_width * static_cast<std::size_t>(from.rows()));
}

}  // namespace nullcline
