#!/bin/sh
# Fetches the example payloads of GitHub's webhooks (npm package @octokit/webhooks-examples, MIT) into the folder
# sample-app/payloads, which git ignores. Without npm or a network the sample posts its own handful of payloads.
set -eu

package='@octokit/webhooks-examples@7.6.1'
folder="$(cd "$(dirname "$0")/.." && pwd)/payloads"

instead() {
	echo "$1 The sample will use its own payloads (src/main/resources/payloads)." >&2
	exit 0
}

command -v npm >/dev/null 2>&1 || instead 'npm is not installed.'

mkdir -p "$folder"
cd "$folder"
archive="$(npm pack --silent "$package")" || instead "npm could not fetch $package."
tar -xzf "$archive"
rm -f "$archive"
echo "Fetched $package into $folder."
