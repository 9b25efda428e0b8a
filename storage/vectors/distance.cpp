#include "storage/vectors/distance.h"

#include <array>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define CHROMAKEEP_X86 1
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#define CHROMAKEEP_NEON 1
#endif

namespace storage {

namespace {

constexpr std::size_t kLanes = 8;

template <class Term> float laneSum(std::size_t length, Term term)
{
    std::array<float, kLanes> sums = {};
    std::size_t i = 0;
    for (; i + kLanes <= length; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sums[lane] += term(i + lane);
    for (; i < length; ++i)
        sums[i % kLanes] += term(i);
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

float portableDifference(const float* a, const float* b, std::size_t length)
{
    return laneSum(length, [a, b](std::size_t i) { return (a[i] - b[i]) * (a[i] - b[i]); });
}

float portableProduct(const float* a, const float* b, std::size_t length)
{
    return laneSum(length, [a, b](std::size_t i) { return a[i] * b[i]; });
}

constexpr DistanceKernels kPortable = {"portable", portableDifference, portableProduct};

#ifdef CHROMAKEEP_X86

// Each width keeps four sums going, so that an addition need not wait for the one before it.
#define CHROMAKEEP_SSE __attribute__((target("sse2")))
#define CHROMAKEEP_AVX2 __attribute__((target("avx2,fma")))
#define CHROMAKEEP_AVX512 __attribute__((target("avx512f")))

CHROMAKEEP_SSE float sum4(__m128 v)
{
    v = _mm_add_ps(v, _mm_movehl_ps(v, v));
    v = _mm_add_ss(v, _mm_shuffle_ps(v, v, 1));
    return _mm_cvtss_f32(v);
}

CHROMAKEEP_SSE float sseDifference(const float* a, const float* b, std::size_t length)
{
    __m128 sums[4] = {_mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps()};
    std::size_t i = 0;
    for (; i + 16 <= length; i += 16)
        for (int k = 0; k < 4; ++k) {
            const __m128 d = _mm_sub_ps(_mm_loadu_ps(a + i + 4 * k), _mm_loadu_ps(b + i + 4 * k));
            sums[k] = _mm_add_ps(sums[k], _mm_mul_ps(d, d));
        }
    const float rest = portableDifference(a + i, b + i, length - i);
    return sum4(_mm_add_ps(_mm_add_ps(sums[0], sums[1]), _mm_add_ps(sums[2], sums[3]))) + rest;
}

CHROMAKEEP_SSE float sseProduct(const float* a, const float* b, std::size_t length)
{
    __m128 sums[4] = {_mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps(), _mm_setzero_ps()};
    std::size_t i = 0;
    for (; i + 16 <= length; i += 16)
        for (int k = 0; k < 4; ++k)
            sums[k] =
                _mm_add_ps(sums[k], _mm_mul_ps(_mm_loadu_ps(a + i + 4 * k), _mm_loadu_ps(b + i + 4 * k)));
    const float rest = portableProduct(a + i, b + i, length - i);
    return sum4(_mm_add_ps(_mm_add_ps(sums[0], sums[1]), _mm_add_ps(sums[2], sums[3]))) + rest;
}

CHROMAKEEP_AVX2 float sum8(__m256 v)
{
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    half = _mm_add_ss(half, _mm_shuffle_ps(half, half, 1));
    return _mm_cvtss_f32(half);
}

CHROMAKEEP_AVX2 float avx2Difference(const float* a, const float* b, std::size_t length)
{
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    std::size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        const __m256 d0 = _mm256_sub_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        const __m256 d1 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8));
        const __m256 d2 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16));
        const __m256 d3 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24));
        s0 = _mm256_fmadd_ps(d0, d0, s0);
        s1 = _mm256_fmadd_ps(d1, d1, s1);
        s2 = _mm256_fmadd_ps(d2, d2, s2);
        s3 = _mm256_fmadd_ps(d3, d3, s3);
    }
    const float rest = portableDifference(a + i, b + i, length - i);
    return sum8(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3))) + rest;
}

CHROMAKEEP_AVX2 float avx2Product(const float* a, const float* b, std::size_t length)
{
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    std::size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s0);
        s1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), s1);
        s2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16), s2);
        s3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24), s3);
    }
    const float rest = portableProduct(a + i, b + i, length - i);
    return sum8(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3))) + rest;
}

CHROMAKEEP_AVX512 float sum16(__m512 v)
{
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, v);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; ++i)
            lanes[i] += lanes[i + width];
    return lanes[0];
}

// The last, partial block is read under a mask: nothing beyond the vectors is touched.
CHROMAKEEP_AVX512 float avx512Difference(const float* a, const float* b, std::size_t length)
{
    __m512 s0 = _mm512_setzero_ps(), s1 = s0;
    std::size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        const __m512 d0 = _mm512_sub_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));
        const __m512 d1 = _mm512_sub_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16));
        s0 = _mm512_fmadd_ps(d0, d0, s0);
        s1 = _mm512_fmadd_ps(d1, d1, s1);
    }
    for (; i < length; i += 16) {
        const auto mask = static_cast<__mmask16>(length - i >= 16 ? 0xffffU : (1U << (length - i)) - 1U);
        const __m512 d =
            _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, a + i), _mm512_maskz_loadu_ps(mask, b + i));
        s0 = _mm512_fmadd_ps(d, d, s0);
    }
    return sum16(_mm512_add_ps(s0, s1));
}

CHROMAKEEP_AVX512 float avx512Product(const float* a, const float* b, std::size_t length)
{
    __m512 s0 = _mm512_setzero_ps(), s1 = s0;
    std::size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
        s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), s1);
    }
    for (; i < length; i += 16) {
        const auto mask = static_cast<__mmask16>(length - i >= 16 ? 0xffffU : (1U << (length - i)) - 1U);
        s0 = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, a + i), _mm512_maskz_loadu_ps(mask, b + i), s0);
    }
    return sum16(_mm512_add_ps(s0, s1));
}

#endif

#ifdef CHROMAKEEP_NEON

float neonDifference(const float* a, const float* b, std::size_t length)
{
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    std::size_t i = 0;
    for (; i + 16 <= length; i += 16)
        for (int k = 0; k < 4; ++k) {
            const float32x4_t d = vsubq_f32(vld1q_f32(a + i + 4 * k), vld1q_f32(b + i + 4 * k));
            sums[k] = vfmaq_f32(sums[k], d, d);
        }
    return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3]))) +
           portableDifference(a + i, b + i, length - i);
}

float neonProduct(const float* a, const float* b, std::size_t length)
{
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    std::size_t i = 0;
    for (; i + 16 <= length; i += 16)
        for (int k = 0; k < 4; ++k)
            sums[k] = vfmaq_f32(sums[k], vld1q_f32(a + i + 4 * k), vld1q_f32(b + i + 4 * k));
    return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3]))) +
           portableProduct(a + i, b + i, length - i);
}

#endif

std::vector<DistanceKernels> findKernels()
{
    std::vector<DistanceKernels> found = {kPortable};
#ifdef CHROMAKEEP_X86
    found.push_back({"sse", sseDifference, sseProduct});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        found.push_back({"avx2", avx2Difference, avx2Product});
    if (__builtin_cpu_supports("avx512f"))
        found.push_back({"avx512", avx512Difference, avx512Product});
#endif
#ifdef CHROMAKEEP_NEON
    found.push_back({"neon", neonDifference, neonProduct});
#endif
    return found;
}

} // namespace

std::span<const DistanceKernels> availableDistanceKernels()
{
    static const std::vector<DistanceKernels> kernels = findKernels();
    return kernels;
}

const DistanceKernels& distanceKernels()
{
    return availableDistanceKernels().back();
}

} // namespace storage
