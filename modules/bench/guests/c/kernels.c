// Compute kernels for the cost of metering. Each leaves a checksum, so that the
// compiler cannot leave the work out.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

volatile int32_t checksum;

#define KERNEL(name) __attribute__((export_name(#name))) void kernel_##name(void)

__attribute__((export_name("wasl_handle"))) int32_t wasl_handle(void) { return 0; }

static uint32_t seed;

static uint32_t next(void) { return seed = seed * 1664525u + 1013904223u; }

static int32_t numbers[1 << 14];

static int compare(const void *a, const void *b) {
  int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

KERNEL(qsort) {
  const int n = sizeof numbers / sizeof *numbers;
  seed = 1;
  for (int i = 0; i < n; i++) numbers[i] = (int32_t)next();
  qsort(numbers, n, sizeof *numbers, compare);
  checksum = numbers[n / 2];
}

static uint8_t composite[1 << 20];

KERNEL(sieve) {
  const int n = sizeof composite;
  int32_t primes = 0;
  memset(composite, 0, n);
  for (int i = 2; i < n; i++) {
    if (composite[i]) continue;
    primes++;
    for (int64_t k = (int64_t)i * i; k < n; k += i) composite[k] = 1;
  }
  checksum = primes;
}

enum { N = 128 };
static double a[N][N], b[N][N], c[N][N];

KERNEL(matmul) {
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) a[i][k] = i + k, b[i][k] = i - k;
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) {
      double sum = 0;
      for (int j = 0; j < N; j++) sum += a[i][j] * b[j][k];
      c[i][k] = sum;
    }
  checksum = (int32_t)c[N / 2][N / 3];
}

__attribute__((noinline)) static int32_t fib(int32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static volatile int32_t depth = 27;

KERNEL(fib) { checksum = fib(depth); }

KERNEL(lcg) {
  uint32_t x = 0;
  seed = 1;
  for (int i = 0; i < 5000000; i++) x ^= next();
  checksum = (int32_t)x;
}

static uint8_t from[1 << 16], to[1 << 16];

KERNEL(memcpy) {
  for (int i = 0; i < 500; i++) {
    from[i] = (uint8_t)i;
    __builtin_memcpy(to, from, sizeof to);
  }
  // Copies of a few bytes, where the call costs more than the copy.
  for (int i = 0; i < 200000; i++) {
    size_t n = 16 + (from[i & 0xff] & 31);
    memmove(to + (i & 0xfff), from + (i & 0x7ff), n);
  }
  checksum = to[499] + to[77];
}
