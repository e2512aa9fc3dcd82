# From labelled texts to a scored classifier, on a Slurm cluster: byte for byte what classify.mk
# makes on one machine.
#
#   spread -- linear-train TRAIN > linear.mp            views and folds are the tasks of a job array
#   spread -- vectorize --linear linear.mp TRAIN > train.mp       ranges of documents
#   spread -- rf-train train.mp > model.mp                        ranges of trees
#   spread -- rf-predict --format mp model.mp test.mp | rf-eval
#
#   make -f pipelines/slurm.mk TRAIN=train.txt TEST=test.txt NODES=8 [PARTITION=batch ...]
#
#   NODES      how many parts the work is done in [2]
#   PARTITION ACCOUNT TIME MEMORY   what each task asks for [the cluster's defaults]
#   SBATCH     other options of sbatch, such as --cpus-per-task=16
#   SETUP      a line for each task's shell, such as `module load gcc`
#   TRAIN TEST FEATURES VECTORS OUT ...: see classify.mk, which holds the stages
#
# OUT, the texts and the programs lie where every node sees them under the same path. It may be
# interrupted and run again: parts that are whole are kept. `make -f pipelines/r8.mk ON=slurm` does
# the same for R8; pipelines/spread has the jobs.

ON := slurm
include $(dir $(abspath $(lastword $(MAKEFILE_LIST))))classify.mk
