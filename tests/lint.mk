# Static checks: `make lint`, or one of them, such as `make lint-tidy`. Included by the Makefile.

LINT_SOURCES := $(sort $(wildcard common/*/*.c tools/*.c tests/*/*.c))
LINT_HEADERS := $(sort $(wildcard common/*/*.h tools/*.h tests/*/*.h))
LINT_SCRIPTS = setup .ci/run $(foreach file,$(wildcard tests/* tests/*/* pipelines/* man/*),$(if $(shell head -n 1 $(file) 2>/dev/null | grep -E '^\#!.*sh$$'),$(file)))
LINT_JOINED := $(patsubst tools/%,$(BUILD)/bin/%,$(filter-out %.c,$(wildcard tools/*)))
LINT_BASH := $(wildcard tests/*/*.bash tests/*/*.bats pipelines/parts/*.bash)

.PHONY: lint lint-format lint-tidy lint-cppcheck lint-warnings lint-shell lint-man lint-ranks
lint: lint-format lint-shell lint-man lint-ranks lint-cppcheck lint-warnings lint-tidy
	@echo 'lint: clean'

lint-format:
	$(call says,clang-format)clang-format --dry-run -Werror $(LINT_SOURCES) $(LINT_HEADERS)

lint-tidy:
	$(call says,clang-tidy)for file in $(LINT_SOURCES); do \
		case $$file in *_avx2.c) echo "$$file $(AVX2_CFLAGS)" ;; \
		*_avx512.c) echo "$$file $(AVX512_CFLAGS)" ;; *) echo "$$file" ;; esac; \
	done | xargs -P $(CHECK_JOBS) -L 1 tests/lint-tidy $(GP_CPPFLAGS) $(CPPFLAGS) -Icommon/library -std=c11 --

# It does not see through a pointer that is copied as bytes (memory.c), nor that a vector's lanes, or
# a structure's members, are set one by one (the kernels' *_lanes.h).
lint-cppcheck:
	$(call says,cppcheck)cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem \
		--suppress=memleak:common/base/memory.c --suppress='uninitvar:common/forest/*_lanes.h' \
		--suppress='ctuuninitvar:common/forest/*_lanes.h' --error-exitcode=1 -j $(CHECK_JOBS) -Icommon -D__GNUC__ \
		$(LINT_SOURCES)

# No warnings from either compiler.
lint-warnings:
	$(call says,gcc and clang -Werror)for compiler in gcc clang; do \
		$(MAKE) --no-print-directory -s BUILD=$(BUILD)-lint-$$compiler CC=$$compiler \
			CFLAGS='-O2 -Werror' all unit || exit 1; done

lint-shell: $(LINT_JOINED)
	$(call says,shellcheck)shellcheck $(LINT_SCRIPTS) $(LINT_JOINED)
	@shellcheck -s bash -e SC2016,SC2154,SC2164 $(LINT_BASH) # bats sets variables, and stops where cd fails

lint-man:
	$(call says,mandoc -T lint)tests/lint-man

lint-ranks:
	$(call says,tests/ranks)tests/ranks | { ! grep -A 99 '^not ok'; }
