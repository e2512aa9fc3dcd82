# What is set for a makefile: variables that it tells of, and paths that make can take.
#
# To be read behind the makefiles that name the variables, which are those on top of them, as
# `#   NAME  what it is`, and those that they set.

hash := \#

# A slip in a name would leave the default in place. Below another make all its variables come down.
told = $(shell grep -Eqs '^($(hash)   ([A-Z]+,? +)*$1([ ,:]|$$)|$1 *[?:]*=)' $(MAKEFILE_LIST) && echo told)
ifeq ($(MAKELEVEL),0)
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(if $(call told,$(name)),,$(error $\
	$(name)=$($(name)): nothing is called $(name): see the top of $(firstword $(MAKEFILE_LIST))))))
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
