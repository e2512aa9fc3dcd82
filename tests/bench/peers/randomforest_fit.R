# randomForest grows a forest: Rscript randomforest_fit.R NAME.x.npy TREES
#
# Breiman's own program, under R. The matrix interface, floor(sqrt(features)) candidates a node,
# leaves down to one sample; no importances, no proximities. It computes the out-of-bag error as
# it goes, and that can't be turned off. It has one thread.
suppressPackageStartupMessages(library(randomForest))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "arrays.R"))
args <- commandArgs(trailingOnly = TRUE)
data <- samples(args[1])
seconds <- system.time(forest <- randomForest(
    x = data$x, y = data$y, ntree = as.integer(args[2]), mtry = floor(sqrt(ncol(data$x))),
    nodesize = 1, replace = TRUE, importance = FALSE, proximity = FALSE,
    keep.forest = TRUE))[["elapsed"]]
cat(sprintf("seconds\t%.3f\n", seconds))
cat(sprintf("check\t%s nodes\n", format(sum(forest$forest$ndbigtree), big.mark = ",")))
