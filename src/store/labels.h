/* Labels of a message and audiences of readers: sets of ids of labels, written " 3 17 ", ascending; "" is the
 * empty set. */
#pragma once
#include <glib.h>

/* Are all of a message's labels in the audience? NULL is the empty set. What is no set of labels is covered
 * by nothing. */
gboolean sv_labels_cover(const char *audience, const char *labels);
/* Is it such a set: single spaces around positive numbers, ascending, none twice? */
gboolean sv_labels_valid(const char *labels);
/* The set of some ids (gint64, in any order, also twice); newly allocated. */
char *sv_labels_format(const gint64 *ids, guint n);
/* Both sets together; what both hold. What is no set counts as the empty one. Newly allocated. */
char *sv_labels_join(const char *a, const char *b);
char *sv_labels_common(const char *a, const char *b);
