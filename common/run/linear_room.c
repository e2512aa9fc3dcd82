/* Numbers are doubles: they are estimates, and none overflows. */
#include "run/linear_room.h"

#include "base/room.h"

/* What all views take together, or by the largest where they differ. */
struct need {
    double kept;   /* models and scores of all views */
    double mapped; /* what of that may lie in files */
    double duals, most_duals, most_work;
};

static double larger(double left, double right)
{
    return left > right ? left : right;
}

static struct need need_of(const struct linear_size *sizes, unsigned count)
{
    struct need need = {0};
    for (unsigned i = 0; i < count; i++) {
        double features = (double)sizes[i].features, rows = (double)sizes[i].rows;
        double labels = (double)sizes[i].labels, cells = 4 * labels * rows;
        double several = features - (double)sizes[i].lone;
        double shared = 4 * labels * (features + 1) + (sizes[i].scored ? cells : 0);
        need.kept += shared + 32 * rows + (sizes[i].scored ? 4 * several : 0);
        need.mapped += shared;
        need.duals += cells;
        need.most_duals = larger(need.most_duals, cells);
        need.most_work = larger(need.most_work, 64 * (several + rows) + 4 * rows);
    }
    return need;
}

static bool refuse(double needed, double had, bool fewer_jobs, bool on_disk, struct error *error)
{
    char some[ROOM_TEXT_SIZE], all[ROOM_TEXT_SIZE];
    return error_set(error, STATUS_SYSTEM,
                     "the models of these documents take about %s, and %s are to be had: use "
                     "--min-count, --max-features or fewer views%s%s",
                     room_text(needed, all), room_text(had, some),
                     fewer_jobs ? ", or a smaller -j" : "",
                     on_disk ? ", or a --temp-dir on a disk: files in this one take memory" : "");
}

/* Pages of files on a disk count as mapped, but not as memory. */
bool linear_plan(const struct linear_size *sizes, unsigned count, unsigned jobs,
                 const struct linear_room *room, enum linear_plan *plan, struct error *error)
{
    struct need need = need_of(sizes, count);
    double memory = (double)room->memory, map = (double)room->map;
    double together = need.kept + need.duals, apart = need.kept + need.most_duals;
    double work = need.most_work, works = work * jobs;
    double in_files = room->files_take_memory ? apart + works : need.kept - need.mapped + works;
    if (together + works <= memory && together + work <= map)
        *plan = LINEAR_TOGETHER;
    else if (apart + works <= memory && apart + work <= map)
        *plan = LINEAR_APART;
    else if (in_files <= memory && apart + work <= map)
        *plan = LINEAR_IN_FILES;
    else if (in_files > memory)
        return refuse(in_files, memory, jobs > 1, room->files_take_memory, error);
    else
        return refuse(apart + work, map, false, false, error);
    return true;
}
