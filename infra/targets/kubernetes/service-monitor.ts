import { labels, metadata, NAME, type Owner, PORT_NAMES, selectorLabels } from './names.ts'

/**
 * Tells the Prometheus operator to read metrics.
 * @param more labels by which that Prometheus picks its monitors
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export function serviceMonitorManifest(owner: Owner, more: Record<string, string>) {
  const described = metadata(owner, NAME)
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { ...described, labels: { ...more, ...described.labels } },
    spec: {
      selector: {
        matchLabels: {
          ...selectorLabels(owner),
          'app.kubernetes.io/component': labels(owner, 'metrics')['app.kubernetes.io/component'],
        },
      },
      endpoints: [{ port: PORT_NAMES.admin, path: '/metrics', interval: '30s' }],
    },
  }
}
