/* Says what its process is and may do, in the place of nasm. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
    for (int i = 0; i <= argc; i++)
        printf("argument %d: %s\n", i, argv[i] ? argv[i] : "none");
    for (char **variable = environ; *variable; variable++)
        printf("environment: %s\n", *variable);
    char folder[4096];
    printf("folder: %s\n", getcwd(folder, sizeof folder) ? folder : "none");
    for (int number = 0; number < 1024; number++) {
        struct stat file;
        if (fstat(number, &file) == 0)
            printf("descriptor %d: %o\n", number, file.st_mode);
    }
    for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
        struct rlimit limit;
        if (getrlimit(resource, &limit) == 0)
            printf("limit %d: %llx %llx\n", resource, (unsigned long long)limit.rlim_cur,
                   (unsigned long long)limit.rlim_max);
    }
    for (int signal = 1; signal < 32; signal++) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0)
            printf("signal %d: %d\n", signal, action.sa_handler == SIG_DFL);
    }
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int signal = 1; signal < 32; signal++)
        if (sigismember(&blocked, signal))
            printf("blocked: %d\n", signal);
    printf("without new privileges: %d", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    printf(", %d\n", errno);
    errno = 0;
    printf("a file: %d", open("/etc/passwd", O_RDONLY));
    printf(", %d\n", errno);
    errno = 0;
    printf("its folder: %d", open(".", O_RDONLY));
    printf(", %d\n", errno);
    errno = 0;
    fflush(stdout);
    int child = fork();
    if (child == 0)
        _exit(0);
    printf("another process: %d, %d\n", child < 0 ? child : 1, errno);
    FILE *status = fopen("/proc/self/status", "r");
    for (char line[256]; status && fgets(line, sizeof line, status);)
        if (line[0] == 'C' && line[1] == 'a' || line[0] == 'N' && line[1] == 'o' ||
            line[0] == 'S' && line[1] == 'e')
            fputs(line, stdout);
    return 0;
}
