# ranger grows a forest: Rscript ranger_fit.R NAME.x.npy TREES THREADS [MODEL.RData [plain]]
#
# The matrix interface, which is faster than a formula; the same forest as rf-train's: Gini,
# floor(sqrt(features)) candidates a node, leaves down to one sample, a bootstrap sample a tree,
# votes rather than probabilities, which it is faster with. Without the out-of-bag error, which
# rf-train doesn't compute either unless asked. RECIPE in the environment: extra (trees), balanced
# (classes), or oob (with that error). save() compresses by gzip, its default, unless told `plain`.
suppressPackageStartupMessages(library(ranger))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "arrays.R"))
args <- commandArgs(trailingOnly = TRUE)
data <- samples(args[1])
recipe <- Sys.getenv("RECIPE")
rule <- if (recipe == "extra") "extratrees" else "gini"
weights <- if (recipe == "balanced") as.vector(length(data$y) / (nlevels(data$y) * table(data$y)))
seconds <- system.time(forest <- ranger(
    x = data$x, y = data$y, num.trees = as.integer(args[2]), num.threads = as.integer(args[3]),
    mtry = floor(sqrt(ncol(data$x))), min.node.size = 1, splitrule = rule, class.weights = weights, replace = TRUE,
    probability = FALSE, write.forest = TRUE, importance = "none", oob.error = recipe == "oob",
    verbose = FALSE, seed = 1))[["elapsed"]]
cat(sprintf("seconds\t%.3f\n", seconds))
nodes <- sum(lengths(forest$forest$split.varIDs))
cat(sprintf("check\t%s nodes\n", format(nodes, big.mark = ",")))
if (length(args) > 3) save(forest, file = args[4], compress = !identical(args[5], "plain"))
