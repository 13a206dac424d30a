module charter-runner/hack/kind/tools/pause

go 1.24.0
