# data.table reads a plain text of vectors: Rscript fread.R VECTORS.txt
#
# fread maps the file and parses it with both threads; no quotes and no words for missing values,
# which the file doesn't have. It reads to double, which is the only floating type R has.
suppressPackageStartupMessages(library(data.table))
path <- commandArgs(trailingOnly = TRUE)[1]
setDTthreads(2)
seconds <- system.time(table <- fread(
    path, sep = " ", header = FALSE, quote = "", na.strings = NULL, nThread = 2,
    encoding = "UTF-8", showProgress = FALSE))[["elapsed"]]
cat(sprintf("seconds\t%.3f\n", seconds))
cat(sprintf("check\t%s x %d\n", format(nrow(table), big.mark = ","), ncol(table) - 1L))
