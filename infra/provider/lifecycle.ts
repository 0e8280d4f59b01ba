import type { handleUnaryCall as Unary, UntypedServiceImplementation } from '@grpc/grpc-js'
import pluginProto from '@pulumi/pulumi/proto/plugin_pb.js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js'

/** How long a verb may take where the program sets no custom timeout, in seconds. */
const DEFAULT_TIMEOUT_SECONDS = 600

/**
 * Ends with the operation's time or with the engine's wish to stop.
 * @param timeoutSeconds custom timeout of the resource; 0 where there is none
 */
export function deadlineSignal(timeoutSeconds: number, cancelled: AbortSignal): AbortSignal {
  const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS
  return AbortSignal.any([cancelled, AbortSignal.timeout(seconds * 1000)])
}

/**
 * What the engine asks of the provider as a whole. We take secrets as secrets and preview by ourselves; resources and
 * outputs the engine turns into plain values for us. There is no provider configuration.
 * @param version of this provider
 * @param cancellation is aborted when the engine cancels the deployment
 */
export function lifecycleHandlers(version: string, cancellation: AbortController): UntypedServiceImplementation {
  const cancel: Unary<emptyProto.Empty, emptyProto.Empty> = (_call, respond) => {
    cancellation.abort(new Error('the deployment was cancelled'))
    respond(null, new emptyProto.Empty())
  }
  const getPluginInfo: Unary<emptyProto.Empty, pluginProto.PluginInfo> = (_call, respond) => {
    respond(null, new pluginProto.PluginInfo().setVersion(version))
  }
  return { attach, cancel, checkConfig, configure, diffConfig, getPluginInfo, handshake }
}

const attach: Unary<pluginProto.PluginAttach, emptyProto.Empty> = (_call, respond) => {
  respond(null, new emptyProto.Empty())
}

const handshake: Unary<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse> = (_call, respond) => {
  respond(null, new proto.ProviderHandshakeResponse().setAcceptSecrets(true))
}

const checkConfig: Unary<proto.CheckRequest, proto.CheckResponse> = ({ request }, respond) => {
  respond(null, new proto.CheckResponse().setInputs(request.getNews()))
}

const diffConfig: Unary<proto.DiffRequest, proto.DiffResponse> = (_call, respond) => {
  respond(null, new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE))
}

const configure: Unary<proto.ConfigureRequest, proto.ConfigureResponse> = (_call, respond) => {
  respond(null, new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true))
}
