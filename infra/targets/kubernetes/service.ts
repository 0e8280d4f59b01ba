import type { types } from '@pulumi/kubernetes'

import { POD_PORTS } from '../../config/index.ts'
import {
  labels,
  metadata,
  METRICS_SERVICE,
  NAME,
  type Owner,
  PORT_NAMES,
  selectorLabels,
  SERVICE_PORT,
  SKIP_AWAIT,
} from './names.ts'

/** Where the ingress sends requests. */
export function serviceManifest(owner: Owner): types.input.core.v1.Service {
  return {
    metadata: metadata(owner, NAME, SKIP_AWAIT),
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(owner),
      ports: [
        {
          name: PORT_NAMES.listen,
          port: SERVICE_PORT,
          targetPort: PORT_NAMES.listen,
          protocol: 'TCP',
          appProtocol: 'http',
        },
      ],
    },
  }
}

/** Where metrics are read, of each pod by itself; apart from the other one, so that no ingress can lead there. */
export function metricsServiceManifest(owner: Owner): types.input.core.v1.Service {
  return {
    metadata: { ...metadata(owner, METRICS_SERVICE, SKIP_AWAIT), labels: labels(owner, 'metrics') },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      selector: selectorLabels(owner),
      ports: [{ name: PORT_NAMES.admin, port: POD_PORTS.admin, targetPort: PORT_NAMES.admin, protocol: 'TCP' }],
    },
  }
}
