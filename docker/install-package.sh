#!/bin/sh
# Copies the package from the image into n8n's user folder, then runs the command. In an image alone, it would be
# hidden by the volume of this folder.
set -eu
nodes="${N8N_USER_FOLDER:-$HOME}/.n8n/nodes/node_modules"
mkdir -p "$nodes"
rm -rf "$nodes/n8n-nodes-mindpeeker"
cp -R "$(dirname "$0")/n8n-nodes-mindpeeker" "$nodes/"
exec "$@"
