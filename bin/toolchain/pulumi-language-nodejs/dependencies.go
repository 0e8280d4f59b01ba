package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type manifest struct {
	Version         string            `json:"version"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
}

// GetProgramDependencies tells `pulumi about` what the project's package.json asks for, in the versions that are
// installed. Only direct dependencies are told.
func (h *host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	root := request.Info.GetRootDirectory()
	project, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	wanted := map[string]string{}
	maps.Copy(wanted, project.DevDependencies)
	maps.Copy(wanted, project.Dependencies)
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		version := wanted[name]
		if installed, err := readManifest(filepath.Join(root, "node_modules", name)); err == nil {
			version = installed.Version
		}
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: name, Version: version})
	}
	return response, nil
}

func readManifest(folder string) (manifest, error) {
	var content manifest
	file := filepath.Join(folder, "package.json")
	text, err := os.ReadFile(file)
	if err != nil {
		return content, err
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return content, fmt.Errorf("%s is not JSON: %w", file, err)
	}
	return content, nil
}
