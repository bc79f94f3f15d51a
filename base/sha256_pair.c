/*
 * Two SHA-256 digests side by side: see sha256.h. Pure functions, any thread.
 *
 * The rounds of one digest wait for each other, so a processor with SHA instructions is idle half
 * the time; the rounds of a second digest fit in between. Elsewhere OpenSSL makes one after the
 * other. docs/decisions/0006 has what this saves, and what it was compared with.
 */
#include "base/sha256.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

#define BLOCK ((size_t)64)
#define LANES __attribute__((target("sha,sse4.1")))
#define ROUNDS_OF_FOUR 16

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* A message on its way: whole blocks where they lie, then the last one or two with the padding. */
struct lane {
    __m128i abef, cdgh;
    const uint8_t *at;
    size_t blocks; /* that lie at `at` */
    bool padded;   /* `at` is in `tail` */
    uint8_t tail[2 * BLOCK];
    size_t tail_blocks;
};

/*
 * `count` blocks of each of `lanes` messages; always inlined with a constant number, so that the
 * lanes become registers.
 */
LANES static inline __attribute__((always_inline)) void
compress(struct lane *const *lanes, const int number, size_t count)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[2], cdgh[2], words[2][4];
    const uint8_t *at[2];
    for (int i = 0; i < number; i++) {
        abef[i] = lanes[i]->abef;
        cdgh[i] = lanes[i]->cdgh;
        at[i] = lanes[i]->at;
    }
    for (; count > 0; count--) {
        __m128i abef_before[2], cdgh_before[2];
        for (int i = 0; i < number; i++) {
            abef_before[i] = abef[i];
            cdgh_before[i] = cdgh[i];
        }
#pragma GCC unroll 16
        for (int round = 0; round < ROUNDS_OF_FOUR; round++) {
            __m128i added = _mm_load_si128((const __m128i *)(const void *)constants + round);
#pragma GCC unroll 2
            for (int i = 0; i < number; i++) {
                __m128i *word = &words[i][round % 4], last = words[i][(round + 3) % 4];
                if (round < 4) {
                    const __m128i *from = (const __m128i *)(const void *)at[i] + round;
                    *word = _mm_shuffle_epi8(_mm_loadu_si128(from), swap);
                } else {
                    __m128i next = _mm_sha256msg1_epu32(*word, words[i][(round + 1) % 4]);
                    next = _mm_add_epi32(next, _mm_alignr_epi8(last, words[i][(round + 2) % 4], 4));
                    *word = _mm_sha256msg2_epu32(next, last);
                }
                __m128i both = _mm_add_epi32(*word, added);
                cdgh[i] = _mm_sha256rnds2_epu32(cdgh[i], abef[i], both);
                abef[i] = _mm_sha256rnds2_epu32(abef[i], cdgh[i], _mm_shuffle_epi32(both, 0x0e));
            }
        }
        for (int i = 0; i < number; i++) {
            abef[i] = _mm_add_epi32(abef[i], abef_before[i]);
            cdgh[i] = _mm_add_epi32(cdgh[i], cdgh_before[i]);
            at[i] += BLOCK;
        }
    }
    for (int i = 0; i < number; i++) {
        lanes[i]->abef = abef[i];
        lanes[i]->cdgh = cdgh[i];
        lanes[i]->at = at[i];
    }
}

LANES static void
compress_one(struct lane *lane, size_t count)
{
    compress(&lane, 1, count);
}

LANES static void
compress_two(struct lane *const *lanes, size_t count)
{
    compress(lanes, 2, count);
}

static void
lane_begin(struct lane *lane, struct sv text)
{
    size_t rest = text.len % BLOCK;
    uint64_t bits = __builtin_bswap64((uint64_t)text.len * 8);
    lane->abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
    lane->cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
    lane->at = (const uint8_t *)text.ptr;
    lane->blocks = text.len / BLOCK;
    lane->padded = false;
    lane->tail_blocks = rest + 1 + sizeof(bits) > BLOCK ? 2 : 1;
    memset(lane->tail, 0, sizeof(lane->tail));
    if (rest > 0)
        memcpy(lane->tail, text.ptr + (text.len - rest), rest);
    lane->tail[rest] = 0x80;
    memcpy(lane->tail + lane->tail_blocks * BLOCK - sizeof(bits), &bits, sizeof(bits));
}

/* How many blocks lie at hand; 0 when the message is done. */
static size_t
lane_ready(struct lane *lane)
{
    if (lane->blocks == 0 && !lane->padded) {
        lane->at = lane->tail;
        lane->blocks = lane->tail_blocks;
        lane->padded = true;
    }
    return lane->blocks;
}

LANES static void
lane_end(const struct lane *lane, struct sha256 *ret_digest)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i feba = _mm_shuffle_epi32(lane->abef, 0x1b), dchg = _mm_shuffle_epi32(lane->cdgh, 0xb1);
    __m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0), hgfe = _mm_alignr_epi8(dchg, feba, 8);
    __m128i *to = (__m128i *)(void *)ret_digest->bytes;
    _mm_storeu_si128(to, _mm_shuffle_epi8(dcba, swap));
    _mm_storeu_si128(to + 1, _mm_shuffle_epi8(hgfe, swap));
}

static void
side_by_side(struct sv a, struct sv b, struct sha256 *ret_a, struct sha256 *ret_b)
{
    struct lane lanes[2], *both[2] = {&lanes[0], &lanes[1]};
    lane_begin(&lanes[0], a);
    lane_begin(&lanes[1], b);
    for (;;) {
        size_t first = lane_ready(&lanes[0]), second = lane_ready(&lanes[1]);
        size_t count = first < second ? first : second;
        if (count == 0)
            break;
        compress_two(both, count);
        lanes[0].blocks -= count;
        lanes[1].blocks -= count;
    }
    for (int i = 0; i < 2; i++)
        for (size_t count; (count = lane_ready(&lanes[i])) > 0; lanes[i].blocks = 0)
            compress_one(&lanes[i], count);
    lane_end(&lanes[0], ret_a);
    lane_end(&lanes[1], ret_b);
}

/* SHA, SSSE3 and SSE4.1 instructions. */
static bool
instructions_are_there(void)
{
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

#else

static bool
instructions_are_there(void)
{
    return false;
}

static void
side_by_side(struct sv a, struct sv b, struct sha256 *ret_a, struct sha256 *ret_b)
{
    (void)a, (void)b, (void)ret_a, (void)ret_b;
}

#endif

bool
sha256_pairs(void)
{
    static _Atomic(int) known; /* 0: not asked yet */
    int answer = known;
    if (answer == 0)
        known = answer = instructions_are_there() ? 1 : -1;
    return answer > 0;
}

void
sha256_pair(struct sv a, struct sv b, struct sha256 *ret_a, struct sha256 *ret_b)
{
    if (sha256_pairs()) {
        side_by_side(a, b, ret_a, ret_b);
    } else {
        struct sha256 first;
        sha256_of(a.ptr, a.len, &first);
        sha256_of(b.ptr, b.len, ret_b);
        *ret_a = first;
    }
}
