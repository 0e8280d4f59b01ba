package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	// With this exit code the SDK says that it has already told the person what is wrong.
	exitCodeReported = 32
	// How long a cancelled program may take to end before it is killed.
	cancelGrace = 5 * time.Second
)

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
	// Ends with Cancel or with the engine; every program ends with it.
	life context.Context
	end  context.CancelFunc
}

func newHost(ctx context.Context, engine string) *host {
	life, end := context.WithCancel(ctx)
	return &host{engine: engine, life: life, end: end}
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = request.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: sdkVersion()}, nil
}

// GetRequiredPackages names none: the SDK sends name and version of its provider with each resource.
func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath(nodeFor(request.GetInfo()))
	if err != nil {
		return nil, err
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", node, err)
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(version))}, nil
}

// Cancel ends the programs that run; their Run answers with an error.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.end()
	return &emptypb.Empty{}, nil
}

// Run answers when the program has ended. Bail means that its failure has been shown already.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.life, cancel)()
	node := nodeFor(request.Info)
	runner, err := resolveRunner(request.Info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	environment, err := programEnvironment(request)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, node, programArguments(request, runner, h.engine)...)
	program.Dir, program.Env = request.Pwd, environment
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	program.Cancel = func() error {
		if err := program.Process.Signal(os.Interrupt); err == nil || errors.Is(err, os.ErrProcessDone) {
			return err
		}
		return program.Process.Kill() // Windows has no signal to send
	}
	program.WaitDelay = cancelGrace
	return runResponse(program.Run(), ctx.Err()), nil
}

func runResponse(failure, cancelled error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case failure == nil:
		return &pulumirpc.RunResponse{}
	case cancelled != nil:
		return &pulumirpc.RunResponse{Error: "the program was cancelled"}
	case errors.As(failure, &exit) && exit.ExitCode() == exitCodeReported:
		return &pulumirpc.RunResponse{Bail: true}
	}
	return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with %v", failure)}
}

// nodeFor gives the Node.js that the project installs for itself, and otherwise the one on PATH.
func nodeFor(info *pulumirpc.ProgramInfo) string {
	if own, err := exec.LookPath(filepath.Join(info.GetRootDirectory(), "node_modules", ".bin", "node")); err == nil {
		return own
	}
	return "node"
}

func sdkVersion() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "github.com/pulumi/pulumi/sdk/v3" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return ""
}
