// A valid charter.yaml that uses every kind of value, for tests to break.
export const sampleYaml = `environment: staging
targets:
  keycloak: { url: 'http://akko-akko-keycloak:8080' }
  opa: { url: 'http://akko-akko-opa:8181' }
  trino: { url: 'http://akko-akko-trino.akko.svc:8080' }
  policySync: { url: 'http://akko-akko-policy-sync:8080', expected: false }
  cockpitBackend: { url: 'http://akko-akko-cockpit-backend.akko.svc.cluster.local:8080' }
identity:
  issuer: https://keycloak.example.com/realms/akko
  client: { id: charter, secretKey: CHARTER_CLIENT_SECRET }
  shortLivedClient: { id: charter-short, secretKey: CHARTER_SHORT_CLIENT_SECRET, lifetimeS: 2 }
personas:
  - name: alice
    username: alice
    roles: [akko-admin]
  - name: carol
    username: carol
    roles: [akko-analyst]
    groups: [projet-scoring]
cast:
  admin: alice
  analyst: carol
data:
  governed:
    catalog: iceberg
    schema: banking
    table: transactions
    key: id
    filterColumn: region
    filterValues: [EU]
    maskedColumns:
      - { name: email }
      - { name: card_pan, type: varchar }
routes:
  cockpitBackend:
    protected: [/api/v1/data-policies]
budgets:
  caseMs: 20000
modes:
  production: true
trino:
  headerTrust: refused
expectedSkips:
  - { case: '13.10', reason: only one project }
  - { case: 'C-11/11.3[carol]', reason: no second table }
suites: [C-10, W2]
execution: { retry: 0 }
`;

/** The sample with one piece of its text replaced; a piece that is not there is a mistake of the test. */
export function sampleWith(piece: string, replacement: string): string {
  if (!sampleYaml.includes(piece)) throw new Error(`the sample has no '${piece}'`);
  return sampleYaml.replace(piece, () => replacement);
}
