/* Preloaded into phase-runner by the crash campaign: kills the process at a chosen point of its work on the journal.
 *
 * Each transaction of the journal is two points: "begin", before its first byte is written, and "commit", after its last
 * one is safe. PHASE_CRASH_AT is e.g. "commit:12"; with PHASE_CRASH_COUNT a file gets the number of transactions instead.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int transactions, is_open, is_synced;

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* 1: the database, 2: its rollback journal, 0: another file. */
static int kind(const char *path) {
    if (!strstr(path, "journal.sqlite")) return 0;
    return ends_with(path, "-journal") ? 2 : 1;
}

static int kind_of(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return kind(path);
}

static void point(const char *name) {
    const char *at = getenv("PHASE_CRASH_AT"), *count = getenv("PHASE_CRASH_COUNT");
    if (count) {
        FILE *file = fopen(count, "w");
        if (file) {
            fprintf(file, "%d\n", transactions);
            fclose(file);
        }
    }
    if (!at) return;
    char here[64];
    snprintf(here, sizeof here, "%s:%d", name, transactions);
    if (strcmp(at, here) == 0) kill(getpid(), SIGKILL);
}

/* Before a change of the rollback journal. */
static void before(int what) {
    if (what != 2 || is_open) return;
    is_open = 1;
    is_synced = 0;
    transactions++;
    point("begin");
}

/* After a change: the one of the rollback journal that follows the database's own safety ends the transaction. */
static void after(int what, int is_sync) {
    if (what == 1 && is_sync) is_synced = 1;
    if (what == 2 && is_open && is_synced && !is_sync) {
        is_open = 0;
        point("commit");
    }
}

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    int what = kind_of(descriptor);
    before(what);
    ssize_t result = NEXT(pwrite64)(descriptor, bytes, count, offset);
    after(what, 0);
    return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite64(descriptor, bytes, count, offset);
}

int ftruncate64(int descriptor, off64_t length) {
    int what = kind_of(descriptor);
    before(what);
    int result = NEXT(ftruncate64)(descriptor, length);
    after(what, 0);
    return result;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fsync(int descriptor) {
    int result = NEXT(fsync)(descriptor);
    after(kind_of(descriptor), 1);
    return result;
}

int fdatasync(int descriptor) {
    int result = NEXT(fdatasync)(descriptor);
    after(kind_of(descriptor), 1);
    return result;
}

int unlink(const char *path) {
    int what = kind(path);
    int result = NEXT(unlink)(path);
    after(what, 0);
    return result;
}
