#pragma once
// What <spawn.h> has for GNU programs only, and Swift's own module of the C library therefore hides.
#include <spawn.h>

static const short PHASE_SPAWN_SETSID = 0x80;

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
