/* A format's rules as they are read from its file (formats.h). Inside the folder. */
#pragma once
#include "formats.h"
#include "worth.h"

typedef enum {
    SV_SHOW_STATEMENTS, /* what the chooser ranks by `target` */
    SV_SHOW_NEXT_STEPS, /* open entries of the ledger as statements */
    SV_SHOW_PEOPLE,     /* who is who on the client's side */
    SV_SHOW_ACTIVITY,   /* the newest messages */
    SV_SHOW_TIMELINE,
    SV_SHOW_TASKS,
    SV_SHOW_N
} SvShow;

typedef struct {
    char *id;
    char *title[2]; /* by SvLang; NULL: the interface's word "section.ID" */
    SvShow show;
    SvWorthTarget target;
    guint32 acts;     /* bits 1 << SvAct of which a sentence must do one; 0: any sentence */
    gboolean current; /* tells only what is still true */
    gboolean period;  /* tells only what was said in the period asked for */
    guint most, length;
    guint deals[3]; /* at most so many deals open, won, lost come first */
    float speech;   /* factor on the score of what was said in a call */
} SvFormatSection;

typedef struct {
    char *name;
    char *title[2];
    int order;
    char **occasions;
    char digest[17];
    GPtrArray *sections; /* SvFormatSection *, in the order of showing */
    GArray *take;        /* guint: indexes into sections, in the order of choosing */
} SvFormatRules;

/* NULL when there is no such format. Borrowed. */
const SvFormatRules *sv_formats_rules(const SvFormats *formats, const char *name);
