/* The file of the recogniser of acts: written by tools/train_acts, mapped and read by acts.c.
 *
 * Little-endian. Header, tables per label, then n_slots slots (the hash of a feature, 0 empty, and its row),
 * then n_rows rows of SV_ACTS_ROW bytes, each a weight + SV_ACTS_BIAS; rows of frequent features first. A slot
 * is found by linear probing from key & (n_slots - 1), in at most SV_ACTS_PROBES steps. Score of a label: bias
 * + scale × Σ value × weight; probability: 1 / (1 + exp(a × score + b)). */
#pragma once
#include "act_features.h"

#define SV_ACTS_MAGIC "SVACTS\n"
#define SV_ACTS_VERSION 2u
#define SV_ACTS_ROW 32u               /* labels of a row, padded */
#define SV_ACTS_BIAS 128              /* of the bytes of a row */
#define SV_ACTS_PROBES 128u
#define SV_ACTS_LABELS (SV_ACT_N + 2) /* the acts, worth, interest */
#define SV_ACTS_WORTH SV_ACT_N
#define SV_ACTS_INTEREST (SV_ACT_N + 1)
#define SV_ACTS_SECOND (SV_ACT_N + 16)
#define SV_ACTS_MAX_SLOTS (1u << 22)

typedef struct {
    char magic[8];
    guint32 version;
    guint32 n_labels;
    guint32 n_slots; /* power of two, at least twice n_rows */
    guint32 n_rows;
    guint64 checksum; /* sv_checksum of all that follows the header */
} SvActsHeader;

typedef struct {
    guint32 key, row;
} SvActsSlot;

typedef struct {
    float scale[SV_ACTS_ROW];
    float bias[SV_ACTS_ROW];
    float a[SV_ACTS_ROW], b[SV_ACTS_ROW];
    float threshold[SV_ACTS_ROW];
    float second[2][SV_ACTS_SECOND]; /* of worth and interest: weights of what sv_acts_second() gives */
    guint32 padding[14];             /* slots and rows begin on borders of cache lines */
} SvActsTables;
G_STATIC_ASSERT((sizeof(SvActsHeader) + sizeof(SvActsTables)) % 64 == 0);

/* What worth and interest are judged by in the end: probabilities of the acts, first scores of worth and
 * interest, length, channel, writer, the likeliest act, squares, one. */
void sv_acts_second(const SvActsInput *input, const float *p, const float *score, float out[SV_ACTS_SECOND]);
/* Reads a model from memory; SV_ERROR_SETUP when it is cut, impossible or of another version. */
SvActsModel *sv_acts_open_bytes(GBytes *bytes, const char *name, GError **error);
