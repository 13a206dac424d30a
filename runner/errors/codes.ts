// Every code an error of charter-runner can carry. docs/errors.md lists them all; a test keeps the two equal.

/** What a code means and what the reader does next, when the place that throws has nothing more precise to say. */
export interface CodeEntry {
  readonly meaning: string;
  readonly hint: string;
}

export const codes = {
  CHR_USAGE: {
    meaning: 'The command line was not understood.',
    hint: 'Run `charter --help` or `charter <command> --help`.',
  },
  CHR_COMMAND_ABSENT: {
    meaning: 'The image was made without this command.',
    hint: 'Commands that may change a cluster are in the image charter-harness only (docs/image.md).',
  },
  CHR_CONFIG_INVALID: {
    meaning: 'charter.yaml does not hold what the runner needs.',
    hint: 'Each problem is listed with line and column; `charter config check` repeats just this check.',
  },
  CHR_CONFIG_UNREADABLE: {
    meaning: 'charter.yaml could not be read.',
    hint: 'Give the path with --config; in a cluster, check the ConfigMap mount.',
  },
  CHR_TARGET_EXTERNAL: {
    meaning: 'A target URL points outside the cluster.',
    hint: 'Use the Service name (http://akko-akko-trino:8080), or set allowExternalTargets: true on purpose.',
  },
  CHR_PERSONA_SECRET_MISSING: {
    meaning: 'personaSecret.optional is false and passwords are missing.',
    hint: 'Mount the Secret, or set personaSecret.optional: true to skip the cases concerned.',
  },
  CHR_TARGET_UNREACHABLE: {
    meaning: 'A target that is expected did not answer (connect-refused, timeout, reset, unresolved).',
    hint: 'Is the Service enabled? Does the NetworkPolicy allow egress from the runner? docs/troubleshooting.md.',
  },
  CHR_TARGET_NO_IDENTITY: {
    meaning: 'Something answers at the target URL, but it is not the product that is expected there.',
    hint: 'Check name and port of the Service.',
  },
  CHR_TARGET_ANSWER: {
    meaning:
      'A target answered something that its protocol does not allow (5xx, broken JSON, redirect elsewhere).',
    hint: 'Look at the HTTP exchange in the report, then at the log of the target.',
  },
  CHR_APISERVER: {
    meaning: 'The Kubernetes API server did not answer the runner as it should.',
    hint: 'Does the NetworkPolicy allow egress to the API server? Is the ServiceAccount token mounted?',
  },
  CHR_REPORT_UNWRITABLE: {
    meaning: 'The report or the journal could not be written.',
    hint: 'Is the output folder writable, and is there space left? Set it with --out.',
  },
  CHR_REPORT_MISSING: {
    meaning: 'There is no report to fetch.',
    hint: 'Has a run written to this folder? In a cluster, reports outlive their Pods only where `results` is a PVC.',
  },
  CHR_STORE: {
    meaning: 'The database of results could not be reached, or did not take what it was given.',
    hint: 'Look at the database and its log, then repeat the command; journals hold what was not stored. docs/store.md.',
  },
  CHR_RUN_LOCKED: {
    meaning: 'Another run holds the lock.',
    hint: 'Wait for it to end, or give this run an output folder of its own with --out.',
  },
  CHR_CAMPAIGN_INVALID: {
    meaning: 'A campaign file declares something the runner cannot plan.',
    hint: 'docs/writing-campaigns.md shows the form.',
  },
  CHR_KUBE_CONFLICT: {
    meaning: 'Somebody else changed the object meanwhile, or owns the field that was to be applied (409).',
    hint: 'Read it again and decide anew; a reconcile does so by itself.',
  },
  CHR_KUBE_ALREADY_EXISTS: {
    meaning: 'An object of this name exists already (409).',
    hint: 'Read what is there before writing.',
  },
  CHR_KUBE_NOT_FOUND: {
    meaning: 'The API server knows no such object or no such kind (404).',
    hint: 'Check name, namespace and cluster; is the CustomResourceDefinition installed?',
  },
  CHR_KUBE_FORBIDDEN: {
    meaning: 'The API server knows the caller and refuses (403): RBAC, admission or quota.',
    hint: 'The message names user, verb and resource: `kubectl auth can-i <verb> <resource> --as <user>`.',
  },
  CHR_KUBE_UNAUTHORIZED: {
    meaning: 'The API server does not know the caller (401).',
    hint: 'Is the token or client certificate of the kubeconfig expired, or from another cluster?',
  },
  CHR_KUBE_GONE: {
    meaning: 'The state that was asked for is no longer kept by the API server (410).',
    hint: 'List again; an informer does so by itself.',
  },
  CHR_KUBE_INVALID: {
    meaning: 'The API server does not accept the object or the request (400, 422).',
    hint: 'The message names the field.',
  },
  CHR_KUBE_TOO_MANY_REQUESTS: {
    meaning: 'The API server asks for patience (429).',
    hint: 'It is asked again after the time it names. When this stays, look at priority and fairness of the API server.',
  },
  CHR_KUBE_SERVER: {
    meaning:
      'The API server answered with an error of its own (5xx), or with something that is no Kubernetes answer.',
    hint: 'Look at the log of the API server, and at any proxy before it.',
  },
  CHR_KUBE_UNREACHABLE: {
    meaning: 'No answer of the API server: refused, reset, unresolved, or TLS failed.',
    hint: 'Is its address right and reachable from here (NetworkPolicy, firewall)? Does its certificate fit the CA?',
  },
  CHR_KUBE_TIMEOUT: {
    meaning: 'The API server did not answer in time.',
    hint: 'Is it overloaded, or does something on the way swallow packets?',
  },
  CHR_KUBECONFIG: {
    meaning: 'The kubeconfig cannot be used.',
    hint: 'It needs a current context with a cluster and a user: `kubectl config view --minify`.',
  },
  CHR_LEADERSHIP_LOST: {
    meaning: 'Something was to be written after leadership had ended.',
    hint: 'Nothing was written; the new leader does it. When this comes often, look at the latency of the API server.',
  },
  CHR_POLICY_INVALID: {
    meaning: 'A NetworkPolicy holds something that the API server refuses.',
    hint: '`charter network lint` lists every such place and what to write instead.',
  },
  CHR_MANIFEST_INVALID: {
    meaning: 'A manifest could not be read: no YAML, or an object without what its kind needs.',
    hint: 'The message names file, document and line; `kubectl apply --dry-run=client -f FILE` reads it too.',
  },
  CHR_PEER_UNKNOWN: {
    meaning: 'No Pod or workload of that name is in the cluster or in the manifests.',
    hint: 'Write namespace/pod, namespace/workload, namespace/kind/name, or an address such as 10.0.0.1.',
  },
  CHR_NETWORK_ADDRESS: {
    meaning: 'An address, a range or the API server of a policy could not be read or found.',
    hint: 'Ranges look like 10.244.0.0/16; the API server is a host, host:port, a URL or `kubernetes`.',
  },
  CHR_WORLD: {
    meaning:
      'The Pods, labels or policies of a network world could not be brought to where a step wants them.',
    hint: 'The message names the object and its state. Can the nodes get the image `probe`, and does admission let restricted Pods in?',
  },
  CHR_HELM: {
    meaning: 'Helm did not do what a Tenant needs.',
    hint: "The message holds Helm's own words; the Tenant's conditions tell what its Pods said.",
  },
  CHR_CHART_NOT_LOADED: {
    meaning: 'A chart could not be fetched from its repository, or is not what the repository says it is.',
    hint: 'Can the operator reach the repository? docs/troubleshooting-tenants.md.',
  },
  CHR_CHART_VERSION_NOT_FOUND: {
    meaning: 'The repository answers and has no such chart or version.',
    hint: 'Compare name and version with the index.yaml of the repository.',
  },
  CHR_TENANT_VALUES: {
    meaning: 'Values that a Tenant takes from a ConfigMap or Secret could not be read.',
    hint: "It must lie in the Tenant's own namespace, hold a YAML map under the key, and be readable for the operator.",
  },
  CHR_COCKPIT: {
    meaning: 'The cockpit could not start.',
    hint: 'Is the port free (--port), and are --host, --trust-proxy and --embed-from addresses? `charter cockpit --help`.',
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
