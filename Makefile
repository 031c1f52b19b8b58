# One command a habit; each installs what it lacks. See CONTRIBUTING.md.

# Optimises the C kernels in debug builds too. Every build of this checkout uses it: a build without it recompiles all.
export SOUNDPOST_OPTIMISE_KERNELS := 1

.PHONY: help run test lint format bench fuzz proof accuracy durability attacks kill schemathesis tsan asan clean

help:
	@echo "make run     build and play program material through a chain; address on the last line"
	@echo "make test    lint, Swift and C tests, checks, short fuzzing, real-time proofs"
	@echo "make lint    formatting and style rules, nothing is changed"
	@echo "make format  rewrite the Swift sources in the house format"
	@echo "make bench   benchmarks beside their peers (installs the peers)"
	@echo "make fuzz    fuzz every decoder for FUZZ_SECONDS (default 300) each"
	@echo "make proof   what must hold, shown on running nodes: real time, durability, attacks"
	@echo "make accuracy  the equaliser against scipy, 200 settings of every type at four rates"
	@echo "make schemathesis  made-up requests against the OpenAPI document, SECONDS=300"
	@echo "make durability  200 kills, 600 disk faults and a full disk under a node that is being edited"
	@echo "make attacks  the attacks of the threat list on a running node, all of them"
	@echo "make kill    kills one side of a channel at every instruction of an operation, of the long ones at CAP=8000"
	@echo "             spread evenly; six hours on two cores, CAP=1000 one, CAP=0 (every one of all) four days"
	@echo "make tsan    ThreadSanitizer, 20 repeats of the suites with threads (the first build takes ten minutes)"
	@echo "make asan    AddressSanitizer, every suite once"
	@echo "make clean   remove everything that was built"

run:
	@exec scripts/run

test:
	@exec scripts/test

lint:
	@exec scripts/lint

format:
	@swift format --in-place --parallel --recursive Sources Tests Fuzz Package.swift

bench:
	@exec scripts/bench

fuzz:
	@exec scripts/fuzz

proof:
	@exec scripts/proof

accuracy:
	@scripts/setup test && ACCURACY_SETTINGS=200 scripts/checks/filter-accuracy

SECONDS ?= 300
schemathesis:
	@exec scripts/schemathesis $(SECONDS)

durability:
	@DURABILITY_KILLS=200 scripts/proofs/durability
	@STORAGE_FAULTS=600 scripts/proofs/storage-faults
	@scripts/proofs/disk-full

attacks:
	@ATTACKS=all scripts/proofs/attacks

kill:
	@KILL=all scripts/proofs/channel-kills

tsan:
	@exec scripts/sanitize thread

asan:
	@exec scripts/sanitize address

clean:
	rm -rf .build .build-* build-* Fuzz/work Benchmarks/work Benchmarks/results
