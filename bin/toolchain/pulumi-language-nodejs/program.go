package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// resolveRunner finds the part of @pulumi/pulumi that runs a program where Node.js finds the package for the program itself:
// in the next node_modules upwards, behind its links.
func resolveRunner(folder string) (string, error) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for place := absolute; ; place = filepath.Dir(place) {
		runner := filepath.Join(place, "node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js")
		if _, err := os.Stat(runner); err == nil {
			return filepath.EvalSymlinks(runner)
		}
		if place == filepath.Dir(place) {
			return "", fmt.Errorf("no @pulumi/pulumi for the program in %s: install its dependencies", absolute)
		}
	}
}

// programArguments gives what follows `node`: its own flags, the runner and its flags, the program and its arguments.
func programArguments(request *pulumirpc.RunRequest, runner, engine string) []string {
	arguments := append(strings.Fields(option(request, "nodeargs")), runner)
	for _, flag := range []struct{ name, value string }{
		{"monitor", request.MonitorAddress},
		{"engine", engine},
		{"organization", request.Organization},
		{"project", request.Project},
		{"root-directory", request.Info.RootDirectory},
		{"stack", request.Stack},
		{"pwd", request.Pwd},
		{"parallel", strconv.Itoa(int(request.Parallel))},
	} {
		if flag.value != "" {
			arguments = append(arguments, "--"+flag.name, flag.value)
		}
	}
	if request.DryRun {
		arguments = append(arguments, "--dry-run")
	}
	return append(append(arguments, request.Info.EntryPoint), request.Args...)
}

// programEnvironment gives the program its config by environment, as the SDK reads it: arguments would show it to every
// process of the machine.
func programEnvironment(request *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(orEmpty(request.Config))
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, request.ConfigSecretKeys...))
	if err != nil {
		return nil, err
	}
	environment := append(os.Environ(),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	if request.Info.GetOptions().AsMap()["typescript"] != false {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if tsconfig := option(request, "tsconfig"); tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+tsconfig)
	}
	return environment, nil
}

func option(request *pulumirpc.RunRequest, name string) string {
	value, _ := request.Info.GetOptions().AsMap()[name].(string)
	return value
}

func orEmpty(config map[string]string) map[string]string {
	if config == nil {
		return map[string]string{}
	}
	return config
}
