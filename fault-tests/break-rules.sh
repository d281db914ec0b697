#!/usr/bin/env bash
# Shows that the tests would notice: breaks the engine in one way after another, in a copy of this project, and runs the
# test that has to fail then.
#
#   fault-tests/break-rules.sh                     all of them; takes hours
#   fault-tests/break-rules.sh 01 14-exit          those whose names begin like this
#   fault-tests/break-rules.sh --check [...]       only whether they still fit the code
#   fault-tests/break-rules.sh --table [...]       the list, in Markdown
#
# A way to break it is a file in fault-tests/broken: a patch below four lines that say which rule of docs/reliability.md
# it breaks, which test has to fail, what is broken, and how the test failed when it was written.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=run
case "${1:-}" in --check | --table) mode=${1#--} && shift ;; esac

field() { sed -n "s/^$1: //p" "$2" | head -1; }

patches() {
	local patch name
	for patch in fault-tests/broken/*.patch; do
		name=$(basename "$patch" .patch)
		if [ $# = 0 ]; then echo "$patch"; fi
		for wanted in "$@"; do [[ $name != "$wanted"* ]] || echo "$patch"; done
	done
}

complain() { # complain PATCH: why it is not one, if it is not
	local test module class method
	test=$(field Test "$1") module=${test%% *} class=${test#* } class=${class%%#*} method=${test##*#} method=${method%%(*}
	for name in Rule Test Broken Fails; do [ -n "$(field $name "$1")" ] || echo "has no line \"$name:\""; done
	git apply --check "$1" 2>/dev/null || echo "does not fit the code any more"
	[ -f "$module/src/test/java/${class//.//}.java" ] || { echo "names a test that is not there: $class"; return; }
	# The method may be inherited.
	[[ $test != *#* ]] || grep -rqE "void $method\(" "$module/src/test/java" ||
		echo "names a method that is not there: $method"
}

copy=
run() { # run PATCH: whether the test fails that has to
	local test module class log patch=$PWD/$1
	test=$(field Test "$1") module=${test%% *} class=${test#* }
	log=$copy/$(basename "$1" .patch).log
	(cd "$copy/project" && git apply "$patch")
	local noticed=1
	if (cd "$copy/project" && mvn -B -ntp -q -pl "$module" -am test "-Dtest=$class" -Dsurefire.rerunFailingTestsCount=0 \
		-Dsurefire.failIfNoSpecifiedTests=false -Dlife.seed=8 -Dspring-javaformat.skip -Dcheckstyle.skip) >"$log" 2>&1; then
		echo "NOT NOTICED  $1: $(field Broken "$1")"
	elif ! grep -qE 'Tests run:.*(Failures|Errors): [1-9]' "$log"; then
		echo "NOT RUN      $1: see $log"
	else
		echo "noticed      $1: $(field Broken "$1")"
		noticed=0
	fi
	(cd "$copy/project" && git apply -R "$patch")
	return $noticed
}

wrong=0
case $mode in
table)
	echo '| Rule | Test | What was broken | How it failed |'
	echo '|---|---|---|---|'
	patches "$@" | while read -r patch; do
		test=$(field Test "$patch") test=${test##* }
		echo "| $(field Rule "$patch") | \`${test##*.}\` | $(field Broken "$patch") | $(field Fails "$patch") |"
	done
	;;
check)
	while read -r patch; do
		complaints=$(complain "$patch")
		[ -z "$complaints" ] || { echo "$patch $complaints" && wrong=1; }
	done < <(patches "$@")
	;;
run)
	copy=$(mktemp -d)
	mkdir "$copy/project"
	git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$copy/project" 2>/dev/null || true
	(cd "$copy/project" && git init -q)
	while read -r patch; do
		run "$patch" </dev/null || wrong=1
	done < <(patches "$@")
	[ $wrong = 1 ] || rm -rf "$copy"
	;;
esac
exit $wrong
