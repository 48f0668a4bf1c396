/* What readers said, found again in the messages: each report with the sentences that it is about, as one
 * audience knows the client, as of the moment of the report. */
#pragma once
#include "feedback_store.h"
#include "formats.h"
#include "knowledge.h"

typedef struct {
    const SvFeedback *report;
    SvDb *db;
    const SvKnowledge *knowledge;
    const SvDigest *digest; /* of the day of the report */
    GArray *facts;          /* guint: the sentences; none when a report names no message */
    guint targets;          /* bits 1 << SvWorthTarget: what its format chooses by */
    int weight;             /* that the sentences should have had: 0 wrong, 1 … 3 by the format */
} SvSaid;

typedef struct {
    SvPool *pool;
    const SvEngine *engine;
    const SvFormats *formats;
    gboolean all_labels; /* also what rests on messages with labels */
    SvFeedbackFilter filter;
} SvSayings;

typedef struct {
    guint reports;
    guint hidden; /* about messages with labels: passed over */
    guint gone;   /* their sentence or format is no longer there, or the message is not read */
} SvSaidCounts;

typedef void (*SvSaidFunc)(const SvSaid *said, gpointer data);
/* Calls the function for each report that can be found again, those of one client together. Nothing is
 * written to the store. */
gboolean sv_said_each(
    const SvSayings *sayings, SvSaidFunc each, gpointer data, SvSaidCounts *counts, GError **error);
