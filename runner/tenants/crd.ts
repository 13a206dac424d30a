// The CustomResourceDefinition of Tenants, for clusters that have none. charts/tenant-operator carries the same as YAML; a test compares them.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

interface Crd {
  readonly metadata: { readonly name: string };
  readonly [other: string]: unknown;
}

export const tenantCrd = parse(readFileSync(resolve(import.meta.dirname, 'tenants.crd.yaml'), 'utf8')) as Crd;
