/* table: fixtures against what is read from them, and hostile input. */
#include "source_case.h"

static void test_fixtures(void)
{
    case_run(&sv_source_table, "table");
}

static void test_broken(void)
{
    case_run_broken(&sv_source_table, "csv");
    case_run_broken(&sv_source_table, "jsonl");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source/table/fixtures", test_fixtures);
    g_test_add_func("/source/table/broken", test_broken);
    return g_test_run();
}
