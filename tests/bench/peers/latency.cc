// The same by fastText's own library: latency MODEL.bin TEXTS ROUNDS. A call takes a stream, as its
// command line gives it one.
#include <fasttext/fasttext.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

static double cpu_seconds()
{
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    fasttext::FastText model;
    model.loadModel(argv[1]);
    std::ifstream file(argv[2]);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line + "\n");
    double best = 1e9;
    for (int round = std::atoi(argv[3]); round > 0; round--) {
        double begin = cpu_seconds();
        for (const std::string &line : lines) {
            std::istringstream in(line);
            std::vector<std::pair<fasttext::real, std::string>> predictions;
            model.predictLine(in, predictions, 1, 0);
        }
        best = std::min(best, 1e6 * (cpu_seconds() - begin) / lines.size());
    }
    std::printf("%.1f\n", best);
}
