/* The table of error codes: see error.h. */
#include "error.h"

G_DEFINE_QUARK(sv-error-quark, sv_error)

static const SvErrorInfo infos[SV_ERROR_N] = {
    [SV_ERROR_BUG] = {"bug", 1, 500, FALSE, "an internal check failed; please report it"},
    [SV_ERROR_USAGE] = {"usage", 2, 400, FALSE, "wrong options or arguments"},
    [SV_ERROR_PARTIAL] = {"partial", 3, 207, FALSE, "something could not be read; the rest is in the output"},
    [SV_ERROR_INPUT] = {"input", 4, 422, FALSE, "nothing in the input could be read"},
    [SV_ERROR_NOT_FOUND] = {"not-found", 5, 404, FALSE, "no such file, client or message"},
    [SV_ERROR_LIMIT] = {"limit", 6, 413, FALSE, "the input is larger than a limit"},
    [SV_ERROR_IO] = {"io", 7, 500, TRUE, "the operating system refused to read or write"},
    [SV_ERROR_SETUP] = {"setup", 8, 500, FALSE, "a data file is missing or damaged: run make setup"},
    [SV_ERROR_FORBIDDEN] = {"forbidden", 9, 403, FALSE, "this reader may not see it"},
    [SV_ERROR_CONFLICT] = {"conflict", 10, 409, FALSE, "somebody else changed it"},
    [SV_ERROR_BUSY] = {"busy", 11, 503, TRUE, "try again later"},
    [SV_ERROR_UPSTREAM] = {"upstream", 12, 502, TRUE, "another system failed"},
    [SV_ERROR_UNKNOWN_OUTCOME] = {"unknown-outcome", 13, 500, FALSE, "it may or may not have happened"},
};

const SvErrorInfo *sv_error_info(SvErrorCode code)
{
    return &infos[code < SV_ERROR_N ? code : SV_ERROR_BUG];
}

int sv_error_exit_code(const GError *error)
{
    if (!error)
        return 0;
    return error->domain == SV_ERROR ? sv_error_info((SvErrorCode)error->code)->exit_code : 1;
}
