# A thin front: every target does what it needs first. The build itself is meson.build.
BUILD ?= build
PYTHON ?= python3
CASE ?= servers
export LC_ALL = C.UTF-8

.PHONY: all build setup demo test test-long test-pages screens eval bench lint fuzz fuzz-build format install deb valgrind clean

all: build

setup:
	@tools/setup.sh

build: setup
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) --buildtype=release -Ddebug=true >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@ninja -C $(BUILD) --quiet

demo: build
	@demo/demo.sh $(BUILD) $(CASE)

test: build
	@tests/run.sh $(BUILD)

test-pages: build
	@BUILD=$(BUILD) tools/setup.sh pages
	@$(BUILD)/pages-venv/bin/python tests/pages_test.py $(BUILD)/svodka .

screens: build
	@BUILD=$(BUILD) tools/setup.sh pages
	@$(BUILD)/pages-venv/bin/python tests/screens.py $(BUILD)/svodka .

# what takes too long for every day: 10,000 random worlds
test-long: build
	@WORLDS=10000 SVODKA_DATA=$(BUILD)/data $(BUILD)/tests/worlds_test

eval: build
	@$(PYTHON) eval/run.py --build $(BUILD)

bench: build
	@tools/setup.sh bench
	@$(PYTHON) bench/bench.py --build $(BUILD); first=$$?; $(PYTHON) bench/server_bench.py --build $(BUILD) && exit $$first

lint: setup
	@tools/setup.sh lint
	@tools/lint.sh

valgrind: build
	@tools/setup.sh valgrind
	@tests/valgrind.sh $(BUILD)

fuzz: build
	@tools/setup.sh fuzz
	@BUILD=$(BUILD) tests/fuzz.sh

format:
	@tools/setup.sh lint
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i

install: build
	@meson install -C $(BUILD)

deb: build
	@tools/setup.sh deb
	@packaging/deb.sh $(BUILD)

deb: build
	@packaging/deb.sh $(BUILD)

clean:
	rm -rf $(BUILD) build-fuzz $(BUILD).log demo/out
