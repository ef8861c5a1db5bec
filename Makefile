# The doors of guildhall. Each recipe is one script, safe to run again; scripts set up what they need by themselves.

.DEFAULT_GOAL := help
.PHONY: help setup run build dev test lint fmt e2e bench eval clean

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Sets up what is missing, builds a release, serves it on http://127.0.0.1:3000
	@script/run

test: ## Sets up what is missing, runs every check: format, lints, Rust tests, browser tests
	@script/test

build: ## Builds the release; the last line is the binary's path
	@script/setup build
	@script/build

dev: ## Serves a development build and builds again at every change
	@script/dev

setup: ## Installs the tools for building and testing, if any is missing
	@script/setup test

fmt: ## Formats the code
	@script/fmt

lint: ## Clippy on both halves, house rules, licences
	@script/setup build
	@script/lint

e2e: ## Builds the release and runs the browser tests
	@script/setup test
	@script/e2e

bench: ## Prints the performance table
	@script/setup build
	@script/bench

eval: ## Measures retrieval on COLLECTIONS="folder …" (the small one of this project where none is given)
	@script/setup build
	@script/eval $(COLLECTIONS)

clean: ## Removes what was built (never the data or the tools)
	@cargo clean
	@rm -rf target/site target/site.inputs
