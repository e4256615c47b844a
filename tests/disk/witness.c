/* Stands between a process and its disk (LD_PRELOAD, Linux): writes down what is written, cut and synced in one folder,
 * in order, and fails calls when it is told to. The process knows nothing of it.
 *
 * DISK_FOLDER   the folder that is watched; files ending in -shm are not, a power cut takes them anyway
 * DISK_LOG      where the record goes: op, path, offset, length, bytes
 * DISK_FAIL_AT  the n-th call that changes the disk fails, and those behind it (0: none)
 * DISK_FAIL_FOR how many of them fail; DISK_ERRNO with what
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static long calls, fail_at, fail_for = 1;
static int fail_with = EIO;
static char folder[4096];

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    const char *named = getenv("DISK_FOLDER"), *where = getenv("DISK_LOG");
    if (!named || !where) return;
    snprintf(folder, sizeof folder, "%s/", named);
    if (getenv("DISK_FAIL_AT")) fail_at = atol(getenv("DISK_FAIL_AT"));
    if (getenv("DISK_FAIL_FOR")) fail_for = atol(getenv("DISK_FAIL_FOR"));
    if (getenv("DISK_ERRNO")) fail_with = atoi(getenv("DISK_ERRNO"));
    log_fd = open(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The path of a file that is watched, without the folder; 0 for any other. */
static int watched_path(const char *path, char *name) {
    size_t before = strlen(folder), length = strlen(path);
    if (log_fd < 0 || strncmp(path, folder, before) != 0) return 0;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    strcpy(name, path + before);
    return 1;
}

static int watched(int fd, char *name) {
    char link[64], path[4096];
    if (log_fd < 0 || fd == log_fd) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return watched_path(path, name);
}

static void put(char op, const char *name, uint64_t offset, const void *data, uint32_t length) {
    uint16_t named = (uint16_t)strlen(name);
    char *record = malloc(15 + named + length), *at = record;
    *at++ = op;
    memcpy(at, &named, 2); at += 2;
    memcpy(at, &offset, 8); at += 8;
    memcpy(at, &length, 4); at += 4;
    memcpy(at, name, named); at += named;
    if (length) memcpy(at, data, length);
    if (real_write(log_fd, record, 15 + named + length) < 0) abort();
    free(record);
}

/* Whether this call is one that fails. The marks of the one who watches never do. */
static int fails(const char *name) {
    if (strcmp(name, "marks") == 0) return 0;
    calls++;
    if (fail_at && calls >= fail_at && calls < fail_at + fail_for) {
        errno = fail_with;
        return 1;
    }
    return 0;
}

#define GUARDED(result_type, call, told)                   \
    char name[4096];                                       \
    if (!watched(fd, name)) return call;                   \
    pthread_mutex_lock(&lock);                             \
    result_type result = -1;                               \
    if (!fails(name)) {                                    \
        result = call;                                     \
        int kept = errno;                                  \
        if (result >= 0) told;                             \
        errno = kept;                                      \
    }                                                      \
    pthread_mutex_unlock(&lock);                           \
    return result

ssize_t write(int fd, const void *data, size_t length) {
    off_t at = log_fd < 0 || fd == log_fd ? -1 : lseek(fd, 0, SEEK_CUR);
    GUARDED(ssize_t, real_write(fd, data, length), put('w', name, (uint64_t)at, data, (uint32_t)result));
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) {
    GUARDED(ssize_t, real_pwrite(fd, data, length, at), put('w', name, (uint64_t)at, data, (uint32_t)result));
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

int ftruncate64(int fd, off_t length) {
    GUARDED(int, real_ftruncate(fd, length), put('t', name, (uint64_t)length, 0, 0));
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) {
    GUARDED(int, real_fsync(fd), put('s', name, 0, 0, 0));
}

int fdatasync(int fd) {
    GUARDED(int, real_fdatasync(fd), put('s', name, 0, 0, 0));
}

int unlink(const char *path) {
    char name[4096];
    int result = real_unlink(path);
    if (result == 0 && watched_path(path, name)) {
        pthread_mutex_lock(&lock);
        put('u', name, 0, 0, 0);
        pthread_mutex_unlock(&lock);
    }
    return result;
}

int rename(const char *from, const char *to) {
    char name[4096], other[4096];
    int result = real_rename(from, to);
    if (result == 0 && watched_path(from, name) && watched_path(to, other)) {
        pthread_mutex_lock(&lock);
        put('r', name, 0, other, (uint32_t)strlen(other));
        pthread_mutex_unlock(&lock);
    }
    return result;
}
