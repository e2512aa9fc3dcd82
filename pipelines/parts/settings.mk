# What is set for a makefile: variables that are told of, and paths that make can take.

hash := \#

# A slip in a name would leave the default in place. Names stand on top of a makefile, in capitals, as
# `#   NAME  what it is`, or are made use of: ON=slurm takes what slurm.mk tells of, and programs that
# are not there are built. Below another make all its variables come down.
ifeq ($(MAKELEVEL),0)
naming := $(dir $(lastword $(MAKEFILE_LIST)))../
naming := $(wildcard $(naming)*.mk $(naming)../Makefile $(naming)../common/build.mk)
told = $(shell [[ '$1' == *[!A-Z_]* ]] || \
	{ grep -Eqs '^$(hash)   ([A-Z]+,? +)*$1([ ,:]|$$)|[$$][(]$1[),]' $(naming) && echo told; })
given := $(foreach name,$(filter-out MAKEFLAGS SHELL,$(.VARIABLES)),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(given),$(if $(call told,$(name)),,$(error $\
	$(name)=$($(name)): nothing is called $(name): see the top of $(firstword $(MAKEFILE_LIST)))))
endif

# make parts words at spaces, and a path that has any would become several.
spaced = $(if $(filter-out 0 1,$(words $1)),$(error $2: make can't take a path with spaces: $\
	rename it, or use glovepipe $3, which can))
# The shell, or make, reads these as more than letters of a name.
odd = $(strip $(foreach letter,' " ` ; & | < > \ * ? [ ] ( ) { } ! % : $$ $(hash),$(findstring $(letter),$1)))

# check_paths NAMES,COMMAND: `glovepipe COMMAND` takes the paths that make can't.
check_paths = $(foreach name,$1,$(call spaced,$($(name)),$(name)=$($(name)),$2)$(if $(call odd,$($(name))),$(error $\
	$(name)=$($(name)): make can't take the $(firstword $(call odd,$($(name)))) of this path: rename it, or $\
	use glovepipe $2, which can)))
# check_options NAMES: a path that begins so is one to the programs.
check_options = $(foreach name,$1,$(if $(filter -%,$($(name))),$(error $\
	$(name)=$($(name)): is taken for an option: say ./$($(name)))))
