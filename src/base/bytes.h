/* Numbers and strings as bytes, for files and rows of ours: written to a GByteArray, read with every length
 * checked. Little-endian; small numbers take one byte. */
#pragma once
#include <glib.h>
#include <math.h>
#include <string.h>

/* ── writing ── */

static inline void sv_put_bytes(GByteArray *out, const void *bytes, gsize len)
{
    g_byte_array_append(out, bytes, (guint)len);
}
static inline void sv_put_u8(GByteArray *out, guint8 value)
{
    g_byte_array_append(out, &value, 1);
}
static inline void sv_put_u64(GByteArray *out, guint64 value)
{
    value = GUINT64_TO_LE(value);
    sv_put_bytes(out, &value, sizeof value);
}
static inline void sv_put_u32(GByteArray *out, guint32 value)
{
    value = GUINT32_TO_LE(value);
    sv_put_bytes(out, &value, sizeof value);
}
/* A number of any size, seven bits a byte. */
static inline void sv_put_uint(GByteArray *out, guint64 value)
{
    guint8 bytes[10];
    guint n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (guint8)(value | 0x80);
    bytes[n++] = (guint8)value;
    sv_put_bytes(out, bytes, n);
}
/* The same with a sign: small ones of either sign are short. */
static inline void sv_put_int(GByteArray *out, gint64 value)
{
    sv_put_uint(out, (guint64)value << 1 ^ (guint64)(value >> 63));
}
/* What is no number has one spelling. */
static inline void sv_put_real(GByteArray *out, double value)
{
    guint64 bits = 0x7FF8000000000000u;
    if (!isnan(value))
        memcpy(&bits, &value, sizeof bits);
    sv_put_u64(out, bits);
}
static inline void sv_put_float(GByteArray *out, float value)
{
    guint32 bits = 0x7FC00000u;
    if (!isnan(value))
        memcpy(&bits, &value, sizeof bits);
    sv_put_u32(out, bits);
}
/* NULL is kept apart from "". */
static inline void sv_put_text(GByteArray *out, const char *text)
{
    gsize len = text ? strlen(text) : 0;
    sv_put_uint(out, text ? len + 1 : 0);
    sv_put_bytes(out, text, len);
}
static inline void sv_put_blob(GByteArray *out, const void *bytes, gsize len)
{
    sv_put_uint(out, len);
    sv_put_bytes(out, bytes, len);
}

/* ── reading ── */

/* After a failure every value is 0 or NULL and `bad` stays set: ask once, at the end. */
typedef struct {
    const guint8 *at, *end;
    gboolean bad;
} SvBytes;

static inline gsize sv_bytes_left(const SvBytes *in)
{
    return (gsize)(in->end - in->at);
}
/* The next len bytes, borrowed; NULL when they are not there. */
static inline const guint8 *sv_take_bytes(SvBytes *in, gsize len)
{
    if (in->bad || len > sv_bytes_left(in)) {
        in->bad = TRUE;
        return NULL;
    }
    const guint8 *bytes = in->at;
    in->at += len;
    return bytes;
}
static inline guint8 sv_take_u8(SvBytes *in)
{
    const guint8 *b = sv_take_bytes(in, 1);
    return b ? *b : 0;
}
static inline guint64 sv_take_u64(SvBytes *in)
{
    guint64 value = 0;
    const guint8 *b = sv_take_bytes(in, sizeof value);
    if (b)
        memcpy(&value, b, sizeof value);
    return GUINT64_FROM_LE(value);
}
static inline guint32 sv_take_u32(SvBytes *in)
{
    guint32 value = 0;
    const guint8 *b = sv_take_bytes(in, sizeof value);
    if (b)
        memcpy(&value, b, sizeof value);
    return GUINT32_FROM_LE(value);
}
static inline guint64 sv_take_uint(SvBytes *in)
{
    guint64 value = 0;
    for (guint shift = 0; shift < 64; shift += 7) {
        guint8 b = sv_take_u8(in);
        value |= (guint64)(b & 0x7F) << shift;
        if (!(b & 0x80))
            return in->bad ? 0 : value;
    }
    in->bad = TRUE;
    return 0;
}
static inline gint64 sv_take_int(SvBytes *in)
{
    guint64 v = sv_take_uint(in);
    return (gint64)(v >> 1 ^ (~(v & 1) + 1));
}
/* A number that must lie in low … high; low when it does not. */
static inline gint64 sv_take_int_in(SvBytes *in, gint64 low, gint64 high)
{
    gint64 v = sv_take_int(in);
    if (v >= low && v <= high)
        return v;
    in->bad = TRUE;
    return low;
}
static inline double sv_take_real(SvBytes *in)
{
    guint64 bits = sv_take_u64(in);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
static inline float sv_take_float(SvBytes *in)
{
    guint32 bits = sv_take_u32(in);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
/* A number that must lie in 0 … high; 0 when it does not. */
static inline guint64 sv_take_uint_to(SvBytes *in, guint64 high)
{
    guint64 v = sv_take_uint(in);
    if (v <= high)
        return v;
    in->bad = TRUE;
    return 0;
}
/* How many things follow, each of at least `size` bytes. */
static inline guint sv_take_count(SvBytes *in, gsize size)
{
    guint64 n = sv_take_uint(in);
    if (n <= sv_bytes_left(in) / size)
        return (guint)n;
    in->bad = TRUE;
    return 0;
}
/* Newly allocated; NULL for NULL and on failure. */
static inline char *sv_take_text(SvBytes *in)
{
    guint64 n = sv_take_uint(in);
    if (n == 0)
        return NULL;
    const guint8 *b = sv_take_bytes(in, (gsize)(n - 1));
    if (!b)
        return NULL;
    char *text = g_malloc((gsize)n);
    memcpy(text, b, (gsize)(n - 1));
    text[n - 1] = 0;
    return text;
}
