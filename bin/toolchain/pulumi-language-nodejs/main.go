// The Node.js language host (pulumirpc.LanguageRuntime) for machines that build the Pulumi CLI from its Go module: the
// official host comes with the Pulumi distribution only. It offers what running a program needs and nothing of what
// generates, packs or converts code. It starts as `pulumi-language-nodejs <address of the engine>` and prints its port.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// How often the host asks whether its engine still lives: an engine that was killed cannot say good-bye.
const engineCheckInterval = 5 * time.Second

func main() {
	// What engines of other versions pass is accepted and ignored; only the address counts.
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, name := range []string{"tracing", "root", "packagemanager", "typescript"} {
		flags.String(name, "", "")
	}
	if err := errors.Join(flags.Parse(os.Args[1:]), serve(flags.Arg(0))); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

func serve(engine string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, engineCheckInterval, cancel); err != nil {
			return fmt.Errorf("cannot watch the engine at %s: %w", engine, err)
		}
	}
	stop := make(chan bool)
	context.AfterFunc(ctx, func() { close(stop) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, newHost(ctx, engine))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}
