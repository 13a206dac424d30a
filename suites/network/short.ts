// The short form: steps that together use every family, both directions, and each kind of change, in less than four minutes.

export const shortForm: ReadonlySet<string> = new Set([
  ...['open.1', 'open.3'],
  ...['deny.1', 'deny.2', 'deny.6', 'deny.13'],
  ...['targets-ingress.6', 'targets-egress.1', 'targets-egress.10'],
  ...['peers-ingress.1', 'peers-ingress.8', 'peers-ingress.16', 'peers-ingress.11'],
  ...['peers-egress.9', 'peers-egress.19', 'peers-and-ports.2'],
  ...['ports-ingress.1', 'ports-ingress.11', 'ports-ingress.17', 'ports-ingress.20'],
  ...['ports-egress.2', 'ports-egress.18'],
  ...['blocks-ingress.4', 'blocks-egress.1', 'blocks-and-ports.2'],
  ...['unions.1', 'unions.5', 'unions.10'],
  ...['changes.1', 'changes.2', 'changes.10', 'changes.11'],
  ...['labels.1', 'labels.2', 'labels.10', 'labels.11'],
  ...[
    'pods.4',
    'pods.5',
    'services.1',
    'services.5',
    'services.9',
    'own-pod.1',
    'protocols.1',
    'protocols.5',
  ],
]);
