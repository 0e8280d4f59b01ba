import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
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
  const attach: handleUnaryCall<pluginProto.PluginAttach, emptyProto.Empty> = (_call, callback) =>
    callback(null, new emptyProto.Empty())
  const cancel: handleUnaryCall<emptyProto.Empty, emptyProto.Empty> = (_call, callback) => {
    cancellation.abort(new Error('the deployment was cancelled'))
    callback(null, new emptyProto.Empty())
  }
  const getPluginInfo: handleUnaryCall<emptyProto.Empty, pluginProto.PluginInfo> = (_call, callback) => {
    callback(null, new pluginProto.PluginInfo().setVersion(version))
  }
  const handshake: handleUnaryCall<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse> = (_, callback) => {
    callback(null, new proto.ProviderHandshakeResponse().setAcceptSecrets(true))
  }
  const checkConfig: handleUnaryCall<proto.CheckRequest, proto.CheckResponse> = ({ request }, callback) => {
    callback(null, new proto.CheckResponse().setInputs(request.getNews()))
  }
  const diffConfig: handleUnaryCall<proto.DiffRequest, proto.DiffResponse> = (_call, callback) => {
    callback(null, new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE))
  }
  const configure: handleUnaryCall<proto.ConfigureRequest, proto.ConfigureResponse> = (_call, callback) => {
    callback(null, new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true))
  }
  return { attach, cancel, checkConfig, configure, diffConfig, getPluginInfo, handshake }
}
